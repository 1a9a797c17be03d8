import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { OfferAnalytics } from '../../api/generated/operations.ts';
import { Money } from '../../design/data/money.tsx';
import { type Column, Table } from '../../design/data/table.tsx';
import { useWords } from '../../messages/catalogue.ts';
import { useLocale } from '../../messages/language.ts';
import { codesWords } from '../../messages/words.ts';
import { Empty, Loaded, type SetFilter } from '../../states/loaded.tsx';

type OfferUses = OfferAnalytics['offer_breakdown'][number];

/** The uses of a code by offer, with the sum that equals its counter. */
export function OfferUsesTable({
  of,
  filters = [],
  nameOf = ({ offer_name, offer_id }) => offer_name ?? offer_id,
}: {
  readonly of: UseQueryResult<OfferAnalytics>;
  readonly filters?: readonly SetFilter[];
  readonly nameOf?: (uses: OfferUses) => ReactNode;
}) {
  const words = useWords(codesWords);
  const number = new Intl.NumberFormat(useLocale());
  const columns: readonly Column<OfferUses>[] = [
    {
      title: words.offer,
      isHeader: true,
      cell: (uses) => (uses.offer_id === null ? words.noOffer : nameOf(uses)),
    },
    { title: words.uses, align: 'end', cell: ({ uses }) => number.format(uses) },
    { title: words.persons, align: 'end', cell: ({ unique_users }) => number.format(unique_users) },
    {
      title: words.bonus,
      align: 'end',
      cell: ({ total_bonus_minor, currency }) => currency && <Money minor={total_bonus_minor} currency={currency} />,
    },
  ];
  return (
    <Loaded
      of={of}
      filters={filters}
      isEmpty={({ offer_breakdown }) => offer_breakdown.length === 0}
      empty={<Empty title={words.analyticsNone}>{words.analyticsNoneText}</Empty>}
    >
      {({ offer_breakdown, total_uses, total_bonus_minor, currency }) => (
        <Table
          caption={words.analytics}
          columns={columns}
          rows={offer_breakdown}
          rowKey={({ offer_id }) => offer_id ?? ''}
          foot={
            <tr>
              <th scope="row">{words.total}</th>
              <td className="end" data-label={words.uses}>
                {number.format(total_uses)}
              </td>
              <td className="end" />
              <td className="end" data-label={words.bonus}>
                {total_bonus_minor === null && words.severalCurrencies}
                {currency && total_bonus_minor !== null && <Money minor={total_bonus_minor} currency={currency} />}
              </td>
            </tr>
          }
        />
      )}
    </Loaded>
  );
}
