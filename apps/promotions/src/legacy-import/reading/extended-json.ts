/** A value of a document without the wrappers of MongoDB: ids and decimals as text, instants as instants. */
export type Plain = null | boolean | number | string | Temporal.Instant | readonly Plain[] | PlainObject;
export interface PlainObject {
  readonly [field: string]: Plain;
}

/** Whether the value is a document. */
export function isPlainObject(value: Plain): value is PlainObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Temporal.Instant);
}

/** A value of the export that cannot be interpreted. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';
}

/**
 * Removes the wrappers of MongoDB from a parsed document: Extended JSON v2, canonical and relaxed, and v1 ("strict"),
 * which mongoexport wrote before 4.2. See https://www.mongodb.com/docs/manual/reference/mongodb-extended-json/.
 * A `$numberDecimal`, and a `$numberLong` that does not fit a number, stay text, so that no digit is lost.
 * @throws Unreadable naming the field
 */
export function plainOf(value: unknown, path = ''): Plain {
  if (value === null || value === undefined) return null;
  if (typeof value === 'boolean' || typeof value === 'number' || typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map((item, index) => plainOf(item, `${path}[${index}]`));
  const members = Object.entries(value as object);
  const wrapper = members[0]?.[0];
  if (wrapper?.startsWith('$')) return unwrapped(wrapper, value as Readonly<Record<string, unknown>>, path);
  return Object.fromEntries(members.map(([name, member]) => [name, plainOf(member, path ? `${path}.${name}` : name)]));
}

function unwrapped(wrapper: string, value: Readonly<Record<string, unknown>>, path: string): Plain {
  const content = value[wrapper];
  switch (wrapper) {
    case '$oid':
      return textOf(content, /^[0-9a-f]{24}$/i, path).toLowerCase();
    case '$date':
      return instantOf(content, path);
    case '$timestamp':
      return Temporal.Instant.fromEpochMilliseconds(secondsOf(content, path) * 1_000);
    case '$numberInt':
    case '$numberDouble':
      return numberOf(content, path);
    case '$numberLong': {
      const digits = textOf(typeof content === 'number' ? String(content) : content, /^-?\d+$/, path);
      return Number.isSafeInteger(Number(digits)) ? Number(digits) : digits;
    }
    case '$numberDecimal':
      return textOf(content, /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i, path);
    case '$uuid':
    case '$symbol':
      return textOf(content, /^/, path);
    case '$binary':
      return uuidOf(value, path);
    case '$ref':
      return plainOf(value.$id, path);
    case '$undefined':
      return null;
    default:
      throw unreadable(path, `${wrapper} is not a type of a record`);
  }
}

/**
 * v2 relaxed: RFC 3339; v2 canonical: milliseconds in `$numberLong`; v1: an offset without a colon, or bare
 * milliseconds.
 */
function instantOf(content: unknown, path: string): Temporal.Instant {
  try {
    if (typeof content === 'string') return readInstant(content);
    const milliseconds = typeof content === 'number' ? content : plainOf(content, path);
    return Temporal.Instant.fromEpochMilliseconds(milliseconds as number);
  } catch {
    throw unreadable(path, `${JSON.stringify(content)} is not an instant`);
  }
}

/** Temporal reads an offset with and without its colon. @throws RangeError */
export function readInstant(text: string): Temporal.Instant {
  return Temporal.Instant.from(text.trim());
}

function numberOf(content: unknown, path: string): number {
  const value = typeof content === 'string' && content !== '' ? Number(content) : content;
  if (typeof value !== 'number' || (Number.isNaN(value) && content !== 'NaN')) {
    throw unreadable(path, `${JSON.stringify(content)} is not a number`);
  }
  return value;
}

function secondsOf(content: unknown, path: string): number {
  const seconds = plainOf((content as { t?: unknown } | null)?.t, path);
  if (typeof seconds !== 'number') throw unreadable(path, 'a timestamp has its seconds in "t"');
  return seconds;
}

/** Drivers store a UUID as binary of subtype 4; v1 says `{$binary, $type}`, v2 `{$binary: {base64, subType}}`. */
function uuidOf(value: Readonly<Record<string, unknown>>, path: string): string {
  const inner = value.$binary as { base64?: unknown; subType?: unknown } | string;
  const [base64, type] = typeof inner === 'string' ? [inner, value.$type] : [inner?.base64, inner?.subType];
  const hex = typeof base64 === 'string' ? Buffer.from(base64, 'base64').toString('hex') : '';
  if (hex.length !== 32 || Number.parseInt(String(type), 16) !== 4) throw unreadable(path, 'binary that is not a UUID');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

function textOf(content: unknown, shape: RegExp, path: string): string {
  if (typeof content === 'string' && shape.test(content)) return content;
  throw unreadable(path, `${JSON.stringify(content)} does not fit its type`);
}

function unreadable(path: string, says: string): Unreadable {
  return new Unreadable(path ? `${path}: ${says}` : says);
}
