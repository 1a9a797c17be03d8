import type { UseQueryResult } from '@tanstack/react-query';
import type { PromoCodeSeries } from '../../api/generated/operations.ts';
import { Day } from '../../design/data/instant.tsx';
import { Money } from '../../design/data/money.tsx';
import { type Column, Table } from '../../design/data/table.tsx';
import { formatDay } from '../../format/instants.ts';
import { useWords } from '../../messages/catalogue.ts';
import { useLocale } from '../../messages/language.ts';
import { codesWords } from '../../messages/words.ts';
import { Loaded } from '../../states/loaded.tsx';
import { DayBars } from './bars.tsx';

type SeriesDay = PromoCodeSeries['days'][number];

/** The uses of a code by day: a chart, and the same numbers as a table. */
export function DaysCard({ of }: { readonly of: UseQueryResult<PromoCodeSeries> }) {
  const words = useWords(codesWords);
  const locale = useLocale();
  return (
    <section className="card">
      <div className="card-head">
        <h2>{words.days}</h2>
        <span className="soft small">{words.utcDays}</span>
      </div>
      <Loaded
        of={of}
        isEmpty={({ days }) => days.every(({ redemptions, reversals }) => redemptions + reversals === 0)}
        empty={<p className="soft">{words.daysNone}</p>}
      >
        {({ days }) => (
          <>
            <DayBars
              label={words.days}
              bars={days.map(({ day, redemptions }) => ({
                key: day,
                label: words.barOf(formatDay(day, locale), redemptions),
                value: redemptions,
              }))}
            />
            <details>
              <summary>{words.daysTable}</summary>
              <DaysTable days={days.filter(({ redemptions, reversals }) => redemptions + reversals > 0)} />
            </details>
          </>
        )}
      </Loaded>
    </section>
  );
}

function DaysTable({ days }: { readonly days: readonly SeriesDay[] }) {
  const words = useWords(codesWords);
  const amounts = (of: SeriesDay, member: 'discount_minor' | 'bonus_minor' | 'reversed_minor' | 'revenue_minor') =>
    of.amounts
      .filter((amount) => amount[member] !== 0)
      .map((amount) => (
        <div key={amount.currency}>
          <Money minor={amount[member]} currency={amount.currency} />
        </div>
      ));
  const columns: readonly Column<SeriesDay>[] = [
    { title: words.day, isHeader: true, cell: ({ day }) => <Day date={day} /> },
    { title: words.redemptions, align: 'end', cell: ({ redemptions }) => redemptions },
    { title: words.reversals, align: 'end', cell: ({ reversals }) => reversals },
    { title: words.discountGiven, align: 'end', cell: (day) => amounts(day, 'discount_minor') },
    { title: words.bonusGiven, align: 'end', cell: (day) => amounts(day, 'bonus_minor') },
    { title: words.revenue, align: 'end', cell: (day) => amounts(day, 'revenue_minor') },
  ];
  return <Table caption={words.days} columns={columns} rows={days} rowKey={({ day }) => day} />;
}
