import { hash } from 'node:crypto';
import { uuidv7 } from 'uuidv7';

/** A new UUIDv7 (RFC 9562 §5.7): ordered by its time of creation, so that indexes grow at one end. */
export function newId(): string {
  return uuidv7();
}

/** `count` new UUIDv7 in order: the first is random and the others count up from it (RFC 9562 §6.2, method 2). */
export function newIds(count: number): string[] {
  const first = newId();
  const shared = first.slice(0, -12);
  // The upper half of these 48 bits stays free, so that the count never overflows.
  const start = Number.parseInt(first.slice(-12), 16) % 2 ** 47;
  return Array.from({ length: count }, (_, index) => shared + (start + index).toString(16).padStart(12, '0'));
}

/**
 * A UUID that follows from its parts (RFC 9562 §5.8, version 8): the same parts always give the same id.
 * For ids that a repeat must compute again, such as the id of the record that a command creates.
 */
export function idFrom(...parts: readonly string[]): string {
  const digest = hash('sha256', JSON.stringify(parts), 'buffer');
  digest[6] = ((digest[6] ?? 0) & 0x0f) | 0x80;
  digest[8] = ((digest[8] ?? 0) & 0x3f) | 0x80;
  const hex = digest.toString('hex', 0, 16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

/** Whether `text` is a UUID of a version that is in use (RFC 9562 §4: 1 to 8), in any case of its letters. */
export function isId(text: unknown): text is string {
  return typeof text === 'string' && uuid.test(text);
}

/**
 * A digest of a value that does not depend on the order of its keys: SHA-256 of its canonical JSON.
 * Two requests with one idempotency key are the same request when their digests are equal.
 */
export function contentHash(value: unknown): Buffer {
  return hash('sha256', canonicalJson(value), 'buffer');
}

/** JSON with sorted keys and without undefined members (in the spirit of RFC 8785, for values made of plain JSON). */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(',')}]`;
  if (value !== null && typeof value === 'object') {
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`);
    return `{${members.join(',')}}`;
  }
  return JSON.stringify(value) ?? 'null';
}
