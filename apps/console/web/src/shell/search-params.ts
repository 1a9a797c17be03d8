/** What a URL may hold; each parameter of a route is read by one of these functions. */
export type SearchInput = Readonly<Record<string, unknown>>;

/** A text, or undefined without one. */
export function textIn(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

/** One of the given values, or undefined. */
export function oneOf<Value extends string>(values: readonly Value[], value: unknown): Value | undefined {
  return values.find((known) => known === value);
}

/** True if the parameter is set. */
export function flagIn(value: unknown): true | undefined {
  return value === true || value === 'true' ? true : undefined;
}

/** The cursor of a list, as the page before gave it. */
export const cursorIn = textIn;
