/** A decoded form: texts, lists by their numbers, and members by their names. */
export interface FormFields {
  [name: string]: string | FormFields;
}

/**
 * Decodes a form as Stripe's SDKs write it: `line_items[0][price_data][currency]=eur` is a path through members. A list
 * has its numbers as names.
 */
export function decodeForm(body: string): FormFields {
  const fields = emptyFields();
  for (const [name, value] of new URLSearchParams(body)) {
    const path = name.split('[').map((part) => part.replace(/\]$/, ''));
    const last = path.pop() as string;
    let place = fields;
    for (const part of path) {
      const inner = place[part];
      const next = typeof inner === 'object' ? inner : emptyFields();
      place[part] = next;
      place = next;
    }
    place[last] = value;
  }
  return fields;
}

/** The text at a path; undefined where there is none. */
export function textAt(fields: FormFields, ...path: readonly string[]): string | undefined {
  let value: string | FormFields | undefined = fields;
  for (const part of path) value = typeof value === 'object' ? value[part] : undefined;
  return typeof value === 'string' ? value : undefined;
}

/** The texts below a path, such as the metadata; empty where there are none. */
export function textsAt(fields: FormFields, ...path: readonly string[]): Record<string, string> {
  let value: string | FormFields | undefined = fields;
  for (const part of path) value = typeof value === 'object' ? value[part] : undefined;
  if (typeof value !== 'object') return {};
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, text]) => (typeof text === 'string' ? [[name, text]] : [])),
  );
}

/** Without a prototype: a field may be called `constructor`. */
function emptyFields(): FormFields {
  return Object.create(null) as FormFields;
}
