import { Link } from '@tanstack/react-router';
import type { AccountEntry } from '../../api/generated/operations.ts';
import { useAsk } from '../../api/queries.ts';
import { Select } from '../../design/controls/inputs.tsx';
import { Instant, OwnZone } from '../../design/data/instant.tsx';
import { Money } from '../../design/data/money.tsx';
import { type Column, Table } from '../../design/data/table.tsx';
import { Pager } from '../../design/pager.tsx';
import { shortId } from '../../format/short-id.ts';
import { useWords } from '../../messages/catalogue.ts';
import { accountWords } from '../../messages/words.ts';
import { Loaded } from '../../states/loaded.tsx';
import { endOf } from './as-of.tsx';

export interface StatementProps {
  readonly personId: string;
  /** As it was at the end of this day. */
  readonly day: string | undefined;
  readonly currency: string | undefined;
  readonly after: string | undefined;
  readonly onCurrency: (currency: string | undefined) => void;
}

/** Every entry of an account with its running balance, the newest first. */
export function Statement({ personId, day, currency, after, onCurrency }: StatementProps) {
  const words = useWords(accountWords);
  const account = useAsk('getAccount', { path: { id: personId }, query: {} });
  const currencies = account.data?.balances.map((balance) => balance.currency) ?? [];
  const entries = useAsk(
    'listAccountEntries',
    { path: { id: personId }, query: { currency, at: endOf(day), after, limit: 25 } },
    { keepsPrevious: true },
  );
  const columns: readonly Column<AccountEntry>[] = [
    { title: words.movement, isHeader: true, cell: ({ movement }) => words.movements[movement] },
    { title: words.when, cell: ({ posted_at }) => <Instant at={posted_at} isZoneHidden /> },
    { title: words.toOrder, cell: ({ order_id }) => order_id && <OrderLink id={order_id} /> },
    {
      title: words.amount,
      align: 'end',
      cell: (entry) => <Money minor={entry.amount_minor} currency={entry.currency} signed />,
    },
    {
      title: words.balance,
      align: 'end',
      cell: (entry) => <Money minor={entry.balance_after_minor} currency={entry.currency} />,
    },
  ];
  return (
    <section className="stack" aria-labelledby="statement">
      <div className="row-between">
        <h2 id="statement">{words.statement}</h2>
        {currencies.length > 1 && (
          <Select
            label={words.currency}
            isLabelHidden
            value={currency ?? ''}
            onChange={(chosen) => onCurrency(chosen || undefined)}
            choices={[
              { value: '', label: words.allCurrencies },
              ...currencies.map((value) => ({ value, label: value })),
            ]}
          />
        )}
      </div>
      <Loaded
        of={entries}
        filters={currency ? [{ name: currency, drop: () => onCurrency(undefined) }] : []}
        empty={<p className="soft">{words.noEntries}</p>}
      >
        {(page) => (
          <>
            <Table
              caption={words.statement}
              columns={columns}
              rows={page.items}
              rowKey={(entry) => `${entry.currency} ${String(entry.version)}`}
            />
            <Pager page={page} after={after} />
            <OwnZone />
          </>
        )}
      </Loaded>
    </section>
  );
}

function OrderLink({ id }: { readonly id: string }) {
  return (
    <Link to="/orders/$id" params={{ id }}>
      {shortId(id)}
    </Link>
  );
}
