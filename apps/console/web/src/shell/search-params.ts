/** What a URL may hold; each parameter of a route is read by one of these functions. */
export type SearchInput = Readonly<Record<string, unknown>>;

/** The `validateSearch` of a route: every parameter may be absent, so that a link needs none. */
export function searchParams<Params extends object>(read: (search: SearchInput) => Params) {
  return (search: SearchInput): Partial<Params> => read(search);
}

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

/** A list of texts, or undefined for none. */
export function listIn(value: unknown): readonly string[] | undefined {
  const texts = (Array.isArray(value) ? value : [value]).map(textIn).filter((text) => text !== undefined);
  return texts.length > 0 ? texts : undefined;
}

/** A calendar day, `2026-11-30`, or undefined. */
export function dayIn(value: unknown): string | undefined {
  return typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) ? value : undefined;
}
