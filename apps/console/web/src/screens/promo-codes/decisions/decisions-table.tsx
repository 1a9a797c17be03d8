import { Link } from '@tanstack/react-router';
import type { DecisionReceipt } from '../../../api/generated/operations.ts';
import { Instant } from '../../../design/data/instant.tsx';
import { Status } from '../../../design/data/status.tsx';
import { type Column, Table } from '../../../design/data/table.tsx';
import { shortId } from '../../../format/short-id.ts';
import { useWords } from '../../../messages/catalogue.ts';
import { codesWords, decisionsWords } from '../../../messages/words.ts';
import { useReasonName } from '../../code-parts/refusals.tsx';

/** Whether it was allowed, in words. */
export function Outcome({ of: { allowed, what } }: { readonly of: Pick<DecisionReceipt, 'allowed' | 'what'> }) {
  const words = useWords(decisionsWords);
  if (what === 'reverse') return <Status>{words.reversed}</Status>;
  return <Status tone={allowed ? 'good' : 'bad'}>{allowed ? words.allowed : words.refused}</Status>;
}

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
          <Instant at={at} />
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
            {shortId(person_id)}
          </Link>
        ),
    },
    { title: codes.offer, cell: ({ offer_id }) => offer_id && <span translate="no">{offer_id}</span> },
  ];
  return <Table caption={words.title} columns={columns} rows={rows} rowKey={({ receipt_id }) => receipt_id} />;
}
