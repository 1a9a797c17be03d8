import { getRouteApi, Link } from '@tanstack/react-router';
import type { LedgerTransfer } from '../../api/generated/operations.ts';
import { useAsk } from '../../api/queries.ts';
import { Copyable } from '../../design/controls/copyable.tsx';
import { Instant } from '../../design/data/instant.tsx';
import { Money } from '../../design/data/money.tsx';
import { Status } from '../../design/data/status.tsx';
import { type Column, Table } from '../../design/data/table.tsx';
import { useWords } from '../../messages/catalogue.ts';
import { ledgerWords } from '../../messages/words.ts';
import { Page } from '../../shell/page.tsx';
import { Loaded } from '../../states/loaded.tsx';
import { ReferenceRow } from '../reference-row.tsx';
import { AccountLink } from './account-link.tsx';

const route = getRouteApi('/ledger/transfers/$id');

/** One transfer: its accounts, its two entries, and what moved the money. */
export function TransferScreen() {
  const words = useWords(ledgerWords);
  const { id } = route.useParams();
  const transfer = useAsk('getTransfer', { path: { id } });
  return (
    <Page
      title={transfer.data ? words.movements[transfer.data.movement] : words.transfer}
      crumb={<Link to="/ledger">{words.back}</Link>}
      actions={transfer.data && <State of={transfer.data} />}
    >
      <Loaded of={transfer}>
        {(shown) => (
          <>
            <Details of={shown} />
            <Entries of={shown} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

interface Of {
  readonly of: LedgerTransfer;
}

function State({ of: { state } }: Of) {
  const words = useWords(ledgerWords);
  const tone = state === 'posted' ? 'good' : state === 'pending' ? 'info' : 'neutral';
  return <Status tone={tone}>{words.states[state]}</Status>;
}

function Details({ of: transfer }: Of) {
  const words = useWords(ledgerWords);
  const { payment_id, order_id, by_hand, resolved_at, correction_of } = transfer;
  return (
    <section className="card">
      <dl className="pairs">
        <dt>{words.amount}</dt>
        <dd>
          <Money minor={transfer.amount_minor} currency={transfer.currency} />
        </dd>
        <dt>{words.from}</dt>
        <dd>
          <AccountLink account={transfer.from} />
        </dd>
        <dt>{words.to}</dt>
        <dd>
          <AccountLink account={transfer.to} />
        </dd>
        <ReferenceRow title={words.payment} to="/payments/$id" id={payment_id} />
        <ReferenceRow title={words.order} to="/orders/$id" id={order_id} />
        <ReferenceRow title={words.transfer} to="/ledger/transfers/$id" id={correction_of} />
        <dt>{words.cause}</dt>
        <dd>
          <code translate="no">{transfer.cause}</code>
        </dd>
        {by_hand && (
          <>
            <dt>{words.byHand}</dt>
            <dd>
              <span translate="no">{by_hand.author}</span>: {by_hand.reason}
            </dd>
          </>
        )}
        <dt>{words.created}</dt>
        <dd>
          <Instant at={transfer.created_at} />
        </dd>
        {resolved_at && (
          <>
            <dt>{words.resolved}</dt>
            <dd>
              <Instant at={resolved_at} />
            </dd>
          </>
        )}
        <dt>{words.transfer}</dt>
        <dd>
          <Copyable value={transfer.transfer_id} name={words.transferId} />
        </dd>
      </dl>
    </section>
  );
}

type Entry = LedgerTransfer['entries'][number];

function Entries({ of: transfer }: Of) {
  const words = useWords(ledgerWords);
  const { entries, state, currency, from, to } = transfer;
  if (entries.length === 0) {
    return <p className="soft">{state === 'pending' ? words.pendingEntries : words.voidedEntries}</p>;
  }
  const columns: readonly Column<Entry>[] = [
    {
      title: words.account,
      isHeader: true,
      cell: ({ account_id }) => <AccountLink account={account_id === from.account_id ? from : to} />,
    },
    { title: words.version, align: 'end', cell: ({ version }) => version },
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
  const sum = entries.reduce((total, { amount_minor }) => total + amount_minor, 0);
  return (
    <section className="stack-s">
      <h2>{words.entries}</h2>
      <Table
        caption={words.entries}
        columns={columns}
        rows={entries}
        rowKey={({ account_id }) => String(account_id)}
        foot={
          <tr>
            <th scope="row" colSpan={2}>
              {words.sum}
            </th>
            <td className="end">
              <Money minor={sum} currency={currency} />
            </td>
            <td />
          </tr>
        }
      />
    </section>
  );
}
