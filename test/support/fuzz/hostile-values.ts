import fc, { type Arbitrary } from 'fast-check';

const deep = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);

/** Values that break code which trusts its input: wrong types, edges of ranges, texts that other layers interpret. */
export const hostileJson: readonly unknown[] = [
  null,
  true,
  [],
  {},
  [[[[]]]],
  { $gt: '' },
  { toString: 'x', constructor: { prototype: null } },
  0,
  -1,
  -0,
  0.1,
  1e308,
  -1e308,
  1e21,
  2 ** 31,
  2 ** 53,
  -(2 ** 63),
  '',
  ' ',
  '0',
  'true',
  'null',
  'NaN',
  '\u0000',
  'a\u0000b',
  '\ud800',
  'a\udfffb',
  '\ufeff',
  '\u200b',
  '\u202egnp.exe',
  '\u2800',
  '\r\nx-injected: 1',
  'İıẞß',
  'e\u0301'.repeat(50),
  '👩‍🎓'.repeat(20),
  'x'.repeat(10_000),
  '../../../etc/passwd',
  "'; drop table orders; --",
  '%_\\',
  '%00',
  '$' + '{7*7}{{7*7}}',
  '<script>alert(1)</script>',
  '=cmd|calc!A1',
  '0000-01-01',
  '0001-01-01T00:00:00Z',
  '9999-12-31T23:59:59.999Z',
  '9999-12-31T23:59:59-14:00',
  '+275760-09-13T00:00:00Z',
  '-271821-04-20T00:00:00Z',
  '2026-02-30',
  '2026-06-30T23:59:60Z',
  '2026-01-01T24:00:00Z',
  '2026-01-01T00:00:00.123456789123Z',
  '2026-01-01T00:00:00',
  '00000000-0000-0000-0000-000000000000',
  'FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF',
  'Europe/Berlin',
  '__proto__',
];

/** Bodies that are no JSON, or that parsers read differently. `latin1` keeps bytes that are no UTF-8. */
export const brokenBodies: readonly string[] = [
  '',
  ' ',
  '{',
  '{"a":',
  '{"a":1,}',
  '{"a":1}{"a":2}',
  "{'a':1}",
  '{"person_id":1,"person_id":2}',
  '{"__proto__":{"role":"admin"}}',
  '{"constructor":{"prototype":{"role":"admin"}}}',
  '{"a":1e999}',
  '{"a":"\xff\xfe"}',
  '\xef\xbb\xbf{}',
  '{"a":"\\ud800"}',
  '{"a":"\x00"}',
  'null',
  '[]',
  '1',
  '"x"',
  deep(5_000),
  '{"a":'.repeat(3_000),
  `{"a":"${'x'.repeat(70_000)}"}`,
  `[${'1,'.repeat(20_000)}1]`,
  'code;kind\n"\xff;x\n',
  'code\n"unclosed',
];

/** What stands in an address in the place of an id, as it goes over the wire. */
export const hostileSegments: readonly string[] = [
  '%00',
  '%zz',
  '%',
  '%ff',
  '%c0%af',
  '..%2f..%2fetc%2fpasswd',
  '..',
  '.',
  '%2e%2e',
  '',
  '%20',
  '%F0%9F%92%A9',
  '%E2%80%AE',
  'undefined',
  '1',
  '-1',
  '*',
  ':id',
  ';a=b',
  "'%20or%201=1--",
  'x'.repeat(500),
  'x'.repeat(7_000),
  '00000000-0000-0000-0000-000000000000',
  'FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF',
  'FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF%00',
];

/** Headers that clients and proxies get wrong. */
export const hostileHeaders: readonly Readonly<Record<string, string | string[]>>[] = [
  { accept: 'image/png' },
  { accept: '*/*;q=x, ,' },
  { 'accept-encoding': 'nonsense' },
  { 'content-encoding': 'gzip' },
  { 'content-type': '' },
  { 'content-type': 'application/json; charset=utf-16' },
  { 'content-type': 'application/json; charset=nonsense' },
  { 'content-type': 'text/plain' },
  { 'content-type': 'text/csv; charset=windows-1252' },
  { 'content-type': 'multipart/form-data; boundary=x' },
  { 'content-type': 'application/x-www-form-urlencoded' },
  { 'content-type': 'a/b;;;' },
  { 'content-type': 'nonsense' },
  { 'idempotency-key': '' },
  { 'idempotency-key': 'x'.repeat(256) },
  { 'idempotency-key': '\xff' },
  { 'idempotency-key': ['a', 'b'] },
  { 'last-event-id': 'x' },
  { 'last-event-id': '99999999999999999999' },
  { 'x-forwarded-for': '203.0.113.9:5001, [::1]:1, x' },
  { 'x-http-method-override': 'DELETE' },
  { traceparent: '00-0-0-0' },
  { traceparent: '00-ffffffffffffffffffffffffffffffff-ffffffffffffffff-ff' },
  { tracestate: 'x'.repeat(600) },
  { range: 'bytes=0-1' },
  { 'if-none-match': '*' },
  { origin: 'null' },
  { cookie: '=;=;\xff' },
  { 'x-long': 'x'.repeat(9_000) },
  { 'x-longer': 'x'.repeat(20_000) },
];

/** A value with one thing wrong: a member that is hostile, missing, unknown, or of a neighbour's type. */
export function spoilt(valid: Arbitrary<unknown>): Arbitrary<unknown> {
  return fc
    .tuple(valid, fc.nat(), fc.constantFrom(...hostileJson), fc.constantFrom('replace', 'replace', 'remove', 'add'))
    .map(([value, at, hostile, how]) => spoil(value, at, hostile, how));
}

function spoil(value: unknown, at: number, hostile: unknown, how: string): unknown {
  if (typeof value !== 'object' || value === null) return hostile;
  const copy = (Array.isArray(value) ? [...value] : { ...value }) as Record<string, unknown>;
  const members = Object.keys(copy);
  if (how === 'add' || members.length === 0)
    return Array.isArray(value) ? [...value, hostile] : { ...copy, extra: hostile };
  const member = members[at % members.length] as string;
  if (how === 'remove') delete copy[member];
  else copy[member] = spoil(copy[member], Math.floor(at / members.length), hostile, how);
  return copy;
}
