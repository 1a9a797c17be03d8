/** One text per plural form of a language (CLDR); `#` stands for the number. */
export interface PluralForms {
  readonly one?: string;
  readonly other: string;
}

/** Writes a number without a noun, in the notation of a locale. */
export function numberIn(locale: string): (count: number) => string {
  const numbers = new Intl.NumberFormat(locale);
  return (count) => numbers.format(count);
}

/** Writes a number with the noun that it counts: the form and the notation are those of a locale. */
export function countedIn(locale: string): (count: number, forms: PluralForms) => string {
  const rules = new Intl.PluralRules(locale);
  const number = numberIn(locale);
  return (count, { one, other }) => {
    const form = rules.select(count) === 'one' ? (one ?? other) : other;
    return form.replaceAll('#', number(count));
  };
}

export const countedInEnglish = countedIn('en-GB');
export const countedInGerman = countedIn('de-DE');
export const numberInEnglish = numberIn('en-GB');
export const numberInGerman = numberIn('de-DE');
