import { Link } from '@tanstack/react-router';
import type { DecisionReceipt } from '../../../api/generated/operations.ts';
import { Instant, OwnZone } from '../../../design/data/instant.tsx';
import { type Column, Table } from '../../../design/data/table.tsx';
import { shortId, shortOwner } from '../../../format/short-id.ts';
import { useWords } from '../../../messages/catalogue.ts';
import { codesWords, decisionsWords } from '../../../messages/words.ts';
import { Outcome, useReasonName } from '../../../why/ladder.tsx';

/** Decisions about codes, each with a link to its rules. */
export function DecisionsTable({
  rows,
  showsCode,
}: {
  readonly rows: readonly DecisionReceipt[];
  readonly showsCode?: boolean;
}) {
  const words = useWords(decisionsWords);
  const codes = useWords(codesWords);
  const nameOf = useReasonName();
  const columns: readonly Column<DecisionReceipt>[] = [
    {
      title: words.when,
      isHeader: true,
      cell: ({ receipt_id, at }) => (
        <Link to="/admin/decisions/$receiptId" params={{ receiptId: receipt_id }}>
          <Instant at={at} isZoneHidden />
        </Link>
      ),
    },
    { title: words.what, cell: ({ what }) => words.whats[what] },
    { title: words.outcome, cell: (receipt) => <Outcome of={receipt} /> },
    { title: codes.reason, cell: ({ reason }) => reason && nameOf(reason) },
    ...(showsCode
      ? [
          {
            title: codes.code,
            cell: ({ code, code_id }: DecisionReceipt) =>
              code_id ? (
                <Link to="/admin/promo-codes/$codeId" params={{ codeId: code_id }} translate="no">
                  {code}
                </Link>
              ) : (
                <span translate="no">{code}</span>
              ),
          },
        ]
      : []),
    {
      title: words.person,
      cell: ({ person_id }) =>
        person_id && (
          <Link to="/admin/decisions" search={{ person: person_id }} translate="no">
            <span className="nowrap">{shortId(person_id)}</span>
          </Link>
        ),
    },
    { title: codes.offer, cell: ({ offer_id }) => offer_id && <OfferId id={offer_id} /> },
  ];
  return (
    <>
      <Table caption={words.title} columns={columns} rows={rows} rowKey={({ receipt_id }) => receipt_id} />
      <OwnZone />
    </>
  );
}

/** A class is an offer by its id, which is long. */
function OfferId({ id }: { readonly id: string }) {
  return (
    <span className="nowrap" translate="no" title={id}>
      {shortOwner(id)}
    </span>
  );
}
