import { Select } from '../../../design/controls/inputs.tsx';
import { IdField } from '../../../design/controls/search-field.tsx';
import { useWords } from '../../../messages/catalogue.ts';
import { codesWords, decisionsWords } from '../../../messages/words.ts';

const decided = ['hold', 'apply', 'convert', 'reverse'] as const;
const outcomes = ['allowed', 'refused'] as const;

export interface DecisionFilter {
  readonly what?: (typeof decided)[number] | undefined;
  readonly outcome?: (typeof outcomes)[number] | undefined;
  readonly reason?: string | undefined;
  readonly person?: string | undefined;
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
    </>
  );
}

/** The filters as the API has them. */
export function queryOf({ what, outcome, reason, person }: DecisionFilter) {
  return {
    what,
    reason,
    allowed: outcome === undefined ? undefined : outcome === 'allowed',
    person_id: person,
  };
}

/** The filters that are set, by their names. */
export function useSetFilters(filter: DecisionFilter, set: (change: DecisionFilter) => void) {
  const words = useWords(decisionsWords);
  const codes = useWords(codesWords);
  const { what, outcome, reason, person } = filter;
  return [
    ...(what ? [{ name: words.whats[what], drop: () => set({ what: undefined }) }] : []),
    ...(outcome ? [{ name: words[outcome], drop: () => set({ outcome: undefined }) }] : []),
    ...(reason ? [{ name: codes.reasons[reason] ?? reason, drop: () => set({ reason: undefined }) }] : []),
    ...(person ? [{ name: person, drop: () => set({ person: undefined }) }] : []),
  ];
}
