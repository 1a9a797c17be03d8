import { Link } from '@tanstack/react-router';
import type { TrialBalance } from '../../api/generated/operations.ts';
import { useAsk } from '../../api/queries.ts';
import { buttonClass } from '../../design/controls/button.tsx';
import { Instant } from '../../design/data/instant.tsx';
import { Money } from '../../design/data/money.tsx';
import { Status } from '../../design/data/status.tsx';
import { type Column, Table } from '../../design/data/table.tsx';
import { useWords } from '../../messages/catalogue.ts';
import { ledgerWords } from '../../messages/words.ts';
import { Page } from '../../shell/page.tsx';
import { Empty, Loaded } from '../../states/loaded.tsx';
import { kinds } from './params.ts';

type Currency = TrialBalance['currencies'][number];
type Kind = Currency['accounts'][number];

/** Debits and credits by currency and kind of account; each kind leads to its accounts. */
export function TrialBalanceScreen() {
  const words = useWords(ledgerWords);
  const balance = useAsk('getTrialBalance', {});
  return (
    <Page
      title={words.title}
      intro={words.intro}
      actions={
        <Link to="/ledger/accounts" className={buttonClass()}>
          {words.accountsTitle}
        </Link>
      }
    >
      <Loaded
        of={balance}
        isEmpty={({ currencies }) => currencies.length === 0}
        empty={
          <Empty title={words.emptyTitle}>
            <p>{words.emptyText}</p>
          </Empty>
        }
      >
        {({ at, balanced, currencies }) => (
          <>
            <p className="row">
              <Status tone={balanced ? 'good' : 'bad'}>{balanced ? words.balanced : words.notBalanced}</Status>
              <span className="soft">
                {words.asOf} <Instant at={at} />
              </span>
            </p>
            {currencies.map((currency) => (
              <InCurrency key={currency.currency} of={currency} />
            ))}
          </>
        )}
      </Loaded>
    </Page>
  );
}

function InCurrency({ of: { currency, sum_minor, accounts } }: { readonly of: Currency }) {
  const words = useWords(ledgerWords);
  const money = (minor: number) => <Money minor={minor} currency={currency} />;
  const columns: readonly Column<Kind>[] = [
    { title: words.kind, isHeader: true, cell: ({ kind }) => <KindLink kind={kind} currency={currency} /> },
    { title: words.accounts, align: 'end', cell: (kind) => kind.accounts },
    { title: words.debits, align: 'end', cell: ({ debits_minor }) => money(debits_minor) },
    { title: words.credits, align: 'end', cell: ({ credits_minor }) => money(credits_minor) },
    {
      title: words.pending,
      align: 'end',
      cell: ({ pending_debits_minor, pending_credits_minor }) => money(pending_credits_minor - pending_debits_minor),
    },
    { title: words.balance, align: 'end', cell: ({ balance_minor }) => money(balance_minor) },
  ];
  return (
    <section className="stack-s" aria-label={currency}>
      <h2>{currency}</h2>
      <Table
        caption={`${words.title} ${currency}`}
        columns={columns}
        rows={accounts}
        rowKey={({ kind }) => kind}
        foot={
          <tr>
            <th scope="row" colSpan={5}>
              {words.sum}
            </th>
            <td className="end">{money(sum_minor)}</td>
          </tr>
        }
      />
    </section>
  );
}

function KindLink({ kind, currency }: { readonly kind: string; readonly currency: string }) {
  const words = useWords(ledgerWords);
  const known = kinds.find((one) => one === kind);
  if (!known) return kind;
  return (
    <Link to="/ledger/accounts" search={{ kind: known, currency }}>
      {words.kinds[known]}
    </Link>
  );
}
