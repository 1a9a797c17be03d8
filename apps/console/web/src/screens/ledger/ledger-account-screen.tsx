import { getRouteApi, Link } from '@tanstack/react-router';
import type { LedgerAccount, LedgerEntry } from '../../api/generated/operations.ts';
import { useAsk } from '../../api/queries.ts';
import { Instant, OwnZone } from '../../design/data/instant.tsx';
import { Money } from '../../design/data/money.tsx';
import { type Column, Table } from '../../design/data/table.tsx';
import { Pager } from '../../design/pager.tsx';
import { useWords } from '../../messages/catalogue.ts';
import { ledgerWords } from '../../messages/words.ts';
import { Page } from '../../shell/page.tsx';
import { Loaded } from '../../states/loaded.tsx';
import { AccountLink } from './account-link.tsx';

const route = getRouteApi('/ledger/accounts/$id');

/** One account: its balance, and its entries with the running balance. */
export function LedgerAccountScreen() {
  const words = useWords(ledgerWords);
  const { id } = route.useParams();
  const { after } = route.useSearch();
  const entries = useAsk(
    'listLedgerEntries',
    { path: { id: Number(id) }, query: { after, limit: 25 } },
    { keepsPrevious: true },
  );
  const account = entries.data?.account;
  return (
    <Page
      title={account ? `${words.kinds[account.kind]}: ${account.owner_name ?? account.owner}` : words.account}
      crumb={<Link to="/ledger/accounts">{words.accountsTitle}</Link>}
    >
      <Loaded of={entries} isEmpty={() => false}>
        {(page) => (
          <>
            <Figures account={page.account} />
            {page.items.length === 0 ? (
              <p className="soft">{words.noEntries}</p>
            ) : (
              <Entries entries={page.items} currency={page.account.currency} />
            )}
            <Pager page={page} after={after} />
            <OwnZone />
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Figures({ account }: { readonly account: LedgerAccount }) {
  const words = useWords(ledgerWords);
  const figures = [
    [words.balance, account.balance_minor],
    [words.debits, account.debits_minor],
    [words.credits, account.credits_minor],
    [words.pending, account.pending_credits_minor - account.pending_debits_minor],
  ] as const;
  return (
    <dl className="figures">
      {figures.map(([title, minor]) => (
        <div key={title} className="figure">
          <dt>{title}</dt>
          <dd>
            <Money minor={minor} currency={account.currency} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Entries({ entries, currency }: { readonly entries: readonly LedgerEntry[]; readonly currency: string }) {
  const words = useWords(ledgerWords);
  const columns: readonly Column<LedgerEntry>[] = [
    {
      title: words.movement,
      isHeader: true,
      cell: ({ transfer_id, movement }) => (
        <Link to="/ledger/transfers/$id" params={{ id: transfer_id }}>
          {words.movements[movement]}
        </Link>
      ),
    },
    { title: words.other, cell: ({ other_account }) => <AccountLink account={other_account} /> },
    { title: words.when, cell: ({ posted_at }) => <Instant at={posted_at} isZoneHidden /> },
    {
      title: words.amount,
      align: 'end',
      cell: ({ amount_minor }) => <Money minor={amount_minor} currency={currency} signed />,
    },
    {
      title: words.after,
      align: 'end',
      cell: ({ balance_after_minor }) => <Money minor={balance_after_minor} currency={currency} />,
    },
  ];
  return <Table caption={words.entries} columns={columns} rows={entries} rowKey={({ version }) => String(version)} />;
}
