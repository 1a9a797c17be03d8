import type { PlannedPeriod } from '../api/generated/operations.ts';
import { Day } from '../design/data/instant.tsx';
import { Money } from '../design/data/money.tsx';
import { type Column, Table } from '../design/data/table.tsx';

export interface PlannedPeriodsProps {
  readonly words: {
    readonly caption: string;
    readonly due: string;
    readonly days: string;
    readonly amount: string;
    readonly goesOn: string;
  };
  readonly of: readonly PlannedPeriod[];
  readonly currency: string;
  /** Whether more periods follow. */
  readonly goesOn: boolean;
}

/** The periods of a subscription: when each has to be paid, how much, and for which days. */
export function PlannedPeriods({ words, of: periods, currency, goesOn }: PlannedPeriodsProps) {
  const columns: readonly Column<PlannedPeriod>[] = [
    { title: words.due, isHeader: true, cell: ({ due_date }) => <Day date={due_date} /> },
    {
      title: words.days,
      cell: ({ start_date, end_date }) => (
        <>
          <Day date={start_date} /> – {end_date ? <Day date={end_date} /> : '…'}
        </>
      ),
    },
    {
      title: words.amount,
      align: 'end',
      cell: ({ amount_minor }) => <Money minor={amount_minor} currency={currency} />,
    },
  ];
  return (
    <div className="stack-s">
      <Table caption={words.caption} columns={columns} rows={periods} rowKey={({ period }) => String(period)} />
      {goesOn && <p className="soft small">{words.goesOn}</p>}
    </div>
  );
}
