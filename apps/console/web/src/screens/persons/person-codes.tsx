import { Link } from '@tanstack/react-router';
import type { DecisionReceipt, HeldPromoCode } from '../../api/generated/operations.ts';
import { useAsk } from '../../api/queries.ts';
import { Instant, OwnZone } from '../../design/data/instant.tsx';
import { Status } from '../../design/data/status.tsx';
import { type Column, Table } from '../../design/data/table.tsx';
import { Pager } from '../../design/pager.tsx';
import { shortId } from '../../format/short-id.ts';
import { useWords } from '../../messages/catalogue.ts';
import { decisionsWords, personsWords } from '../../messages/words.ts';
import { Empty, Loaded } from '../../states/loaded.tsx';
import { Outcome, useReasonName } from '../../why/ladder.tsx';
import type { PartProps } from './person-orders.tsx';

/** The bonus codes that a person holds. */
export function PersonCodes({ personId, after }: PartProps) {
  const words = useWords(personsWords);
  const codes = useAsk(
    'listHeldCodes',
    { path: { id: personId }, query: { after, limit: 25 } },
    { keepsPrevious: true },
  );
  const columns: readonly Column<HeldPromoCode>[] = [
    { title: words.code, isHeader: true, cell: ({ code, code_id }) => <CodeLink code={code} codeId={code_id} /> },
    {
      title: words.usable,
      cell: ({ usable }) => <Status tone={usable ? 'good' : 'neutral'}>{usable ? words.yes : words.no}</Status>,
    },
    { title: words.when, cell: ({ applied_at }) => applied_at && <Instant at={applied_at} isZoneHidden /> },
  ];
  return (
    <Loaded of={codes} empty={<Empty title={words.noCodes} />}>
      {(page) => (
        <div className="stack">
          <Table caption={words.codes} columns={columns} rows={page.items} rowKey={({ code_id }) => code_id} />
          <Pager page={page} after={after} />
        </div>
      )}
    </Loaded>
  );
}

/** Every try of a person to use a promo code, with its precise reason and a link to its rules. */
export function PersonDecisions({ personId, after }: PartProps) {
  const words = useWords(personsWords);
  const decisions = useWords(decisionsWords);
  const nameOf = useReasonName();
  const receipts = useAsk(
    'listReceipts',
    { query: { person_id: personId, after, limit: 25 } },
    { keepsPrevious: true },
  );
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
    { title: words.code, cell: ({ code, code_id }) => <CodeLink code={code} codeId={code_id} /> },
    { title: decisions.what, cell: ({ what }) => decisions.whats[what] },
    { title: words.outcome, cell: (receipt) => <Outcome of={receipt} /> },
    { title: words.reason, cell: ({ reason }) => reason && nameOf(reason) },
    {
      title: words.orders,
      cell: ({ order_id }) =>
        order_id && (
          <Link to="/orders/$id" params={{ id: order_id }}>
            {shortId(order_id)}
          </Link>
        ),
    },
  ];
  return (
    <Loaded of={receipts} empty={<Empty title={words.noDecisions} />}>
      {(page) => (
        <div className="stack">
          <Table
            caption={words.decisions}
            columns={columns}
            rows={page.items}
            rowKey={({ receipt_id }) => receipt_id}
          />
          <Pager page={page} after={after} />
          <OwnZone />
        </div>
      )}
    </Loaded>
  );
}

function CodeLink({ code, codeId }: { readonly code: string; readonly codeId: string | null }) {
  if (codeId === null) return <span translate="no">{code}</span>;
  return (
    <Link to="/admin/promo-codes/$codeId" params={{ codeId }} translate="no">
      {code}
    </Link>
  );
}
