import type { PromoCode, PromoCodeChange } from '../../../api/generated/operations.ts';
import { type CodeValues, differing, termsOf, valuesOf } from './values.ts';

/** A member of the terms, as the API calls it. */
export type TermName = keyof PromoCodeChange & keyof ReturnType<typeof termsOf>;

/** The members that differ between the newest version and what was typed, and whether the person changed them. */
export function conflictsOf(opened: PromoCode, theirs: PromoCode, mine: CodeValues) {
  const [base, newest, typed] = [termsOf(valuesOf(opened)), termsOf(valuesOf(theirs)), termsOf(mine)];
  const changed = differing(base, typed);
  return (differing(newest, typed) as TermName[]).map((name) => ({
    name,
    isMine: changed.includes(name),
  }));
}

/** The newest version with these members as they were typed. */
export function mergedValues(theirs: PromoCode, mine: CodeValues, names: readonly TermName[]): CodeValues {
  const typed = termsOf(mine);
  const taken = Object.fromEntries(names.map((name) => [name, typed[name]]));
  return { ...valuesOf({ ...theirs, ...taken } as PromoCode), persons: mine.persons };
}
