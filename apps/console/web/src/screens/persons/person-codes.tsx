import { Link } from '@tanstack/react-router';
import type { HeldPromoCode, PersonReceipt } from '../../api/generated/operations.ts';
import { useAsk } from '../../api/queries.ts';
import { Instant, OwnZone } from '../../design/data/instant.tsx';
import { Status } from '../../design/data/status.tsx';
import { type Column, Table } from '../../design/data/table.tsx';
import { Pager } from '../../design/pager.tsx';
import { shortId } from '../../format/short-id.ts';
import { useWords } from '../../messages/catalogue.ts';
import { personsWords } from '../../messages/words.ts';
import { Empty, Loaded } from '../../states/loaded.tsx';
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
    { title: words.code, isHeader: true, cell: ({ code }) => <span translate="no">{code}</span> },
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

/** Every try of a person to use a promo code, with the reason of a refusal. */
export function PersonDecisions({ personId, after }: PartProps) {
  const words = useWords(personsWords);
  const receipts = useAsk(
    'listPersonReceipts',
    { path: { id: personId }, query: { after, limit: 25 } },
    { keepsPrevious: true },
  );
  const columns: readonly Column<PersonReceipt>[] = [
    { title: words.code, isHeader: true, cell: ({ code }) => <span translate="no">{code}</span> },
    { title: words.stage, cell: ({ what }) => words.stages[what] },
    {
      title: words.outcome,
      cell: ({ allowed }) => <Status tone={allowed ? 'good' : 'bad'}>{allowed ? words.allowed : words.refused}</Status>,
    },
    { title: words.reason, cell: ({ explanation }) => <span lang="en">{explanation}</span> },
    {
      title: words.orders,
      cell: ({ order_id }) =>
        order_id && (
          <Link to="/orders/$id" params={{ id: order_id }}>
            {shortId(order_id)}
          </Link>
        ),
    },
    { title: words.when, cell: ({ at }) => <Instant at={at} isZoneHidden /> },
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
