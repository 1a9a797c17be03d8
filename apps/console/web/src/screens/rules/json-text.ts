/** A JSON object as a person types it: the object, or what is wrong with the text. */
export type TypedJson =
  | { readonly object: Readonly<Record<string, unknown>> }
  | { readonly object?: undefined; readonly says: string | null };

/** Reads a JSON object; `says` is null where it is JSON of another kind. */
export function readJson(text: string): TypedJson {
  try {
    const object = JSON.parse(text) as unknown;
    if (typeof object !== 'object' || object === null || Array.isArray(object)) return { says: null };
    return { object: object as Readonly<Record<string, unknown>> };
  } catch (error) {
    return { says: (error as Error).message };
  }
}

export function writeJson(value: unknown): string {
  return JSON.stringify(value, null, 2);
}
