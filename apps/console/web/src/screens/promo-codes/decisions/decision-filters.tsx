import { Select } from '../../../design/controls/inputs.tsx';
import { IdField } from '../../../design/controls/search-field.tsx';
import { useWords } from '../../../messages/catalogue.ts';
import { codesWords, decisionsWords, promoCodesWords } from '../../../messages/words.ts';
import { DayFilters } from '../../code-parts/day-filters.tsx';

const decided = ['hold', 'apply', 'convert', 'reverse'] as const;
const outcomes = ['allowed', 'refused'] as const;

export interface DecisionFilter {
  readonly what?: (typeof decided)[number] | undefined;
  readonly outcome?: (typeof outcomes)[number] | undefined;
  readonly reason?: string | undefined;
  readonly person?: string | undefined;
  /** UTC days, the last one included. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** The filters that lists of decisions have in common; all of them stand in the address. */
export function DecisionFilters({
  filter,
  set,
}: {
  readonly filter: DecisionFilter;
  readonly set: (change: DecisionFilter) => void;
}) {
  const words = useWords(decisionsWords);
  const codes = useWords(codesWords);
  const reasons = Object.entries(codes.reasons).map(([value, label]) => ({ value, label }));
  return (
    <>
      <Select
        label={words.what}
        value={filter.what ?? ''}
        choices={[{ value: '', label: words.any }, ...decided.map((value) => ({ value, label: words.whats[value] }))]}
        onChange={(what) => set({ what: what || undefined })}
      />
      <Select
        label={words.outcome}
        value={filter.outcome ?? ''}
        choices={[{ value: '', label: words.any }, ...outcomes.map((value) => ({ value, label: words[value] }))]}
        onChange={(outcome) => set({ outcome: outcome || undefined })}
      />
      <Select
        label={codes.reason}
        value={filter.reason ?? ''}
        choices={[{ value: '', label: words.any }, ...reasons]}
        onChange={(reason) => set({ reason: reason || undefined })}
      />
      <IdField
        label={words.personId}
        value={filter.person ?? ''}
        onSearch={(person) => set({ person: person || undefined })}
      />
      <DayFilters from={filter.from} to={filter.to} set={set} />
    </>
  );
}

const dayMs = 86_400_000;

/** The filters as the API has them. */
export function queryOf({ what, outcome, reason, person, from, to }: DecisionFilter) {
  const beginOf = (day: string | undefined, daysLater: number) => {
    const begin = day ? Date.parse(`${day}T00:00:00Z`) : Number.NaN;
    return Number.isNaN(begin) ? undefined : new Date(begin + daysLater * dayMs).toISOString();
  };
  return {
    what,
    reason,
    allowed: outcome === undefined ? undefined : outcome === 'allowed',
    person_id: person,
    from: beginOf(from, 0),
    to: beginOf(to, 1),
  };
}

/** The filters that are set, by their names. */
export function useSetFilters(filter: DecisionFilter, set: (change: DecisionFilter) => void) {
  const words = useWords(decisionsWords);
  const codes = useWords(codesWords);
  const days = useWords(promoCodesWords);
  const { what, outcome, reason, person, from, to } = filter;
  return [
    ...(what ? [{ name: words.whats[what], drop: () => set({ what: undefined }) }] : []),
    ...(outcome ? [{ name: words[outcome], drop: () => set({ outcome: undefined }) }] : []),
    ...(reason ? [{ name: codes.reasons[reason] ?? reason, drop: () => set({ reason: undefined }) }] : []),
    ...(person ? [{ name: person, drop: () => set({ person: undefined }) }] : []),
    ...(from ? [{ name: `${days.from} ${from}`, drop: () => set({ from: undefined }) }] : []),
    ...(to ? [{ name: `${days.to} ${to}`, drop: () => set({ to: undefined }) }] : []),
  ];
}
