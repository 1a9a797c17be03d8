import { getRouteApi, Link } from '@tanstack/react-router';
import type { PromoCode } from '../../../api/generated/operations.ts';
import { useAsk } from '../../../api/queries.ts';
import { SearchField } from '../../../design/controls/search-field.tsx';
import { Instant } from '../../../design/data/instant.tsx';
import { useWords } from '../../../messages/catalogue.ts';
import { useLocale } from '../../../messages/language.ts';
import { promoCodesWords } from '../../../messages/words.ts';
import { Loaded } from '../../../states/loaded.tsx';
import { Notice } from '../../../states/state.tsx';
import { DayFilters } from '../../code-parts/day-filters.tsx';
import { DaysCard } from '../../code-parts/days.tsx';
import { OfferUsesTable } from '../../code-parts/offer-uses.tsx';

const route = getRouteApi('/admin/promo-codes/$codeId');

interface CodeProps {
  readonly code: PromoCode;
}

/** Offer analytics: the uses by offer, exact at this moment. */
export function OffersTab({ code }: CodeProps) {
  const words = useWords(promoCodesWords);
  const { search, from, to } = route.useSearch();
  const navigate = route.useNavigate();
  const path = { id: code.code_id };
  const analytics = useAsk('getOfferAnalytics', { path, query: { search, from, to } }, { keepsPrevious: true });
  const set = (change: { search?: string | undefined; from?: string | undefined; to?: string | undefined }) =>
    void navigate({ search: (before) => ({ ...before, ...change }), replace: true });
  const filters = [
    ...(search ? [{ name: search, drop: () => set({ search: undefined }) }] : []),
    ...(from ? [{ name: `${words.from} ${from}`, drop: () => set({ from: undefined }) }] : []),
    ...(to ? [{ name: `${words.to} ${to}`, drop: () => set({ to: undefined }) }] : []),
  ];
  return (
    <>
      <div className="filters">
        <SearchField
          className="grow"
          label={words.offerSearch}
          value={search ?? ''}
          onSearch={(text) => set({ search: text || undefined })}
        />
        <DayFilters from={from} to={to} set={set} />
      </div>
      <OfferUsesTable
        of={analytics}
        filters={filters}
        nameOf={({ offer_id, offer_name }) => (
          <Link
            to="/admin/promo-codes/$codeId"
            params={{ codeId: code.code_id }}
            search={{ tab: 'applications', offer: offer_id ?? undefined, from, to }}
          >
            {offer_name ?? offer_id}
          </Link>
        )}
      />
    </>
  );
}

/** The uses by day. */
export function DaysTab({ code }: CodeProps) {
  const { from, to } = route.useSearch();
  const navigate = route.useNavigate();
  const series = useAsk('getCodeSeries', { path: { id: code.code_id }, query: { from, to } }, { keepsPrevious: true });
  return (
    <>
      <div className="filters">
        <DayFilters
          from={from}
          to={to}
          set={(change) => void navigate({ search: (before) => ({ ...before, ...change }), replace: true })}
        />
      </div>
      <DaysCard of={series} />
    </>
  );
}

/** Is this number right? Every way in which uses are counted, side by side. */
export function ProofTab({ code }: CodeProps) {
  const words = useWords(promoCodesWords).proof;
  const number = new Intl.NumberFormat(useLocale());
  const proof = useAsk('proveCode', { path: { id: code.code_id } });
  return (
    <Loaded of={proof}>
      {({ agrees, disagreements, at, ...counts }) => (
        <div className="stack">
          <Notice tone={agrees ? 'good' : 'bad'} title={agrees ? words.agrees : words.disagrees}>
            {disagreements.length > 0 && (
              <ul>
                {disagreements.map((sentence) => (
                  <li key={sentence}>{sentence}</li>
                ))}
              </ul>
            )}
            <p className="small">
              <Instant at={at} />
            </p>
          </Notice>
          <dl className="figures">
            {(
              [
                [words.counter, counts.counter],
                [words.rows, counts.sum_of_rows],
                [words.analytics, counts.analytics],
                [words.holds, counts.holds.counter],
                [words.holdRows, counts.holds.rows],
                [words.perPerson, counts.per_person],
                [words.perOffer, counts.per_offer],
              ] as const
            ).map(([name, count]) => (
              <div key={name} className="figure">
                <dt>{name}</dt>
                <dd>{number.format(count)}</dd>
              </div>
            ))}
          </dl>
        </div>
      )}
    </Loaded>
  );
}
