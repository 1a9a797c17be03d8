import { getRouteApi, Link } from '@tanstack/react-router';
import type { LedgerAccount } from '../../api/generated/operations.ts';
import { useAsk } from '../../api/queries.ts';
import { Select } from '../../design/controls/inputs.tsx';
import { SearchField } from '../../design/controls/search-field.tsx';
import { Money } from '../../design/data/money.tsx';
import { type Column, Table } from '../../design/data/table.tsx';
import { Pager } from '../../design/pager.tsx';
import { shortOwner } from '../../format/short-id.ts';
import { useWords } from '../../messages/catalogue.ts';
import { ledgerWords, shellWords } from '../../messages/words.ts';
import { Page } from '../../shell/page.tsx';
import { Empty, Loaded, type SetFilter } from '../../states/loaded.tsx';
import { kinds } from './params.ts';

const route = getRouteApi('/ledger/accounts');

/** The accounts of the ledger by kind, owner and currency. */
export function AccountsScreen() {
  const words = useWords(ledgerWords);
  const shell = useWords(shellWords);
  const { kind, owner, currency, after } = route.useSearch();
  const navigate = route.useNavigate();
  const change = (next: object) =>
    void navigate({
      search: (before) => ({ ...before, ...next, after: undefined }),
      replace: true,
      resetScroll: false,
    });
  const accounts = useAsk(
    'listLedgerAccounts',
    { query: { kind, owner, currency, after, limit: 25 } },
    { keepsPrevious: true },
  );
  const columns: readonly Column<LedgerAccount>[] = [
    {
      title: words.owner,
      isHeader: true,
      cell: ({ account_id, owner: whose, owner_name }) => (
        <Link to="/ledger/accounts/$id" params={{ id: String(account_id) }}>
          {owner_name ?? shortOwner(whose)}
        </Link>
      ),
    },
    { title: words.kind, cell: (account) => words.kinds[account.kind] },
    { title: words.entries, align: 'end', cell: ({ version }) => version },
    {
      title: words.pending,
      align: 'end',
      cell: (account) => (
        <Money minor={account.pending_credits_minor - account.pending_debits_minor} currency={account.currency} />
      ),
    },
    {
      title: words.balance,
      align: 'end',
      cell: (account) => <Money minor={account.balance_minor} currency={account.currency} />,
    },
  ];
  const filters: SetFilter[] = [
    ...(kind ? [{ name: words.kinds[kind], drop: () => change({ kind: undefined }) }] : []),
    ...(owner ? [{ name: owner, drop: () => change({ owner: undefined }) }] : []),
    ...(currency ? [{ name: currency, drop: () => change({ currency: undefined }) }] : []),
  ];
  return (
    <Page title={words.accountsTitle} intro={words.accountsIntro} crumb={<Link to="/ledger">{words.back}</Link>}>
      <search className="filters">
        <Select
          label={words.kind}
          value={kind ?? ''}
          onChange={(chosen) => change({ kind: chosen || undefined })}
          choices={[
            { value: '', label: words.allKinds },
            ...kinds.map((value) => ({ value, label: words.kinds[value] })),
          ]}
        />
        <SearchField
          className="field grow"
          label={words.ownerHint}
          value={owner ?? ''}
          onSearch={(text) => change({ owner: text || undefined })}
        />
        <SearchField
          label={words.currency}
          value={currency ?? ''}
          check={(text) => (/^[a-z]{3}$/i.test(text) ? undefined : shell.notCurrency)}
          onSearch={(text) => change({ currency: text.toUpperCase() || undefined })}
        />
      </search>
      <Loaded of={accounts} filters={filters} empty={<Empty title={words.noAccounts} />}>
        {(page) => (
          <div className="stack">
            <Table
              caption={words.accountsTitle}
              columns={columns}
              rows={page.items}
              rowKey={({ account_id }) => String(account_id)}
            />
            <Pager page={page} after={after} />
          </div>
        )}
      </Loaded>
    </Page>
  );
}
