import { Link } from '@tanstack/react-router';
import { Money } from '../../design/data/money.tsx';
import { type Column, Table } from '../../design/data/table.tsx';
import { shortOwner } from '../../format/short-id.ts';
import { useWords } from '../../messages/catalogue.ts';
import { ledgerWords } from '../../messages/words.ts';
import type { MovedMoney, MovedMoneyProps } from './money-way.tsx';

interface Row {
  readonly key: string;
  readonly transfer: MovedMoney;
  readonly account: string;
  readonly minor: number;
}

/** The entries of posted transfers, two of each: their sum is zero. */
export function LedgerRows({ transfers, names }: MovedMoneyProps) {
  const words = useWords(ledgerWords);
  const rows = transfers
    .filter(({ state }) => state === 'posted')
    .flatMap((transfer): Row[] => [
      { key: `${transfer.transfer_id} -`, transfer, account: transfer.from, minor: -transfer.amount_minor },
      { key: `${transfer.transfer_id} +`, transfer, account: transfer.to, minor: transfer.amount_minor },
    ]);
  if (rows.length === 0) return null;
  const currencies = [...new Set(rows.map(({ transfer }) => transfer.currency))];
  const columns: readonly Column<Row>[] = [
    { title: words.account, isHeader: true, cell: ({ account }) => <AccountName of={account} names={names} /> },
    {
      title: words.movement,
      cell: ({ transfer }) => (
        <Link to="/ledger/transfers/$id" params={{ id: transfer.transfer_id }}>
          {words.movements[transfer.movement]}
        </Link>
      ),
    },
    {
      title: words.amount,
      align: 'end',
      cell: ({ transfer, minor }) => <Money minor={minor} currency={transfer.currency} signed />,
    },
  ];
  const sumIn = (currency: string) =>
    rows.filter(({ transfer }) => transfer.currency === currency).reduce((sum, { minor }) => sum + minor, 0);
  return (
    <>
      <h3>{words.rows}</h3>
      <Table
        caption={words.rows}
        columns={columns}
        rows={rows}
        rowKey={({ key }) => key}
        foot={currencies.map((currency) => (
          <tr key={currency}>
            <th scope="row" colSpan={2}>
              {words.sum}
            </th>
            <td className="end">
              <Money minor={sumIn(currency)} currency={currency} />
            </td>
          </tr>
        ))}
      />
    </>
  );
}

function AccountName({ of, names }: { readonly of: string; readonly names: MovedMoneyProps['names'] }) {
  const words = useWords(ledgerWords);
  const [kind = '', owner = ''] = of.split(' ');
  return (
    <>
      {words.kinds[kind as keyof typeof words.kinds] ?? kind}{' '}
      <span className="soft" translate="no">
        {names[owner] ?? shortOwner(owner)}
      </span>
    </>
  );
}
