import fc, { type Arbitrary } from 'fast-check';
import { brokenBodies, hostileHeaders, hostileJson, hostileSegments, spoilt } from './hostile-values.js';
import type { FuzzOperation } from './operations.js';
import { idNamed, type SchemaValues } from './schema-values.js';

/** One request, with names of ids (`{{class_id}}`) in place of ids, so that a seed repeats it on another stack. */
export interface FuzzRequest {
  readonly method: string;
  /** Path and query, as they go over the wire. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  /** Bytes, one per character. */
  readonly body: string | undefined;
  /** Whether the address may belong to no operation, or the request to no parser. */
  readonly isOutside: boolean;
}

/** Requests to an operation: a third as documented, the others with one or several things wrong. */
export function requestsTo(operation: FuzzOperation, values: SchemaValues): Arbitrary<FuzzRequest> {
  const { method, body } = operation;
  const usual = body && body.type !== 'application/json' ? fc.string({ unit: 'grapheme' }) : undefined;
  const json = values.fitting(body?.schema ?? {});
  const bytes = (value: unknown) => Buffer.from(JSON.stringify(value) ?? '').toString('latin1');
  const good = body ? (usual ?? json.map(bytes)) : fc.constant(undefined);
  const bad = fc.oneof(
    { arbitrary: spoilt(json).map(bytes), weight: 5 },
    { arbitrary: fc.constantFrom(...hostileJson).map(bytes), weight: 1 },
    { arbitrary: fc.constantFrom(...brokenBodies), weight: 2 },
  );
  const anything = { query: queryOf(operation, values), badQuery: hostileQueryOf(operation) };
  const request = fc.record({
    what: fc.constantFrom('good', 'good', 'body', 'query', 'path', 'headers', 'all'),
    good,
    bad: method === 'GET' ? fc.constant(undefined) : bad,
    ...anything,
    segment: fc.constantFrom(...hostileSegments),
    known: fc.integer({ min: 0, max: 9 }),
    header: fc.constantFrom(...hostileHeaders),
    key: fc.oneof(fc.uuid(), fc.uuid(), fc.constant('used-before')),
  });
  return request.map(({ what, good, bad, query, badQuery, segment, known, header, key }) => {
    const wrong = (part: string) => what === part || what === 'all';
    const sent = wrong('body') ? bad : good;
    const path = operation.path.replace(/([\w-]+)\/\{(\w+)\}/g, (_, noun, name) => {
      const usualId = known < 8 ? idNamed(`/${noun}`) : '6d0f3f1a-7a55-4b6e-9d6b-0d6f5c3f7b11';
      const own = name === 'provider' ? 'standard' : usualId;
      return `${noun}/${wrong('path') ? segment : own}`;
    });
    const filters = wrong('query') ? [...query, badQuery] : query;
    return {
      method,
      target: filters.length > 0 ? `${path}?${filters.join('&')}` : path,
      headers: {
        'idempotency-key': key,
        ...(sent !== undefined && { 'content-type': body?.type ?? 'application/json' }),
        ...(wrong('headers') && header),
      },
      body: sent,
      isOutside: wrong('path') || wrong('headers'),
    };
  });
}

function queryOf({ parameters }: FuzzOperation, values: SchemaValues): Arbitrary<string[]> {
  const members = parameters
    .filter((one) => one.in === 'query')
    .map(({ name, schema, required }) => {
      const value = values.fitting(schema, name).map((one) => [`${name}=${wellFormed(one)}`]);
      return required ? value : fc.option(value, { nil: [] });
    });
  return members.length === 0 ? fc.constant([]) : fc.tuple(...members).map((lists) => lists.flat());
}

function hostileQueryOf({ parameters }: FuzzOperation): Arbitrary<string> {
  const names = [
    'unknown',
    'page',
    '__proto__',
    ...parameters.filter((one) => one.in === 'query').map(({ name }) => name),
  ];
  return fc
    .tuple(
      fc.constantFrom(...names),
      fc.constantFrom('', '[]', '[a]', '%00'),
      fc.constantFrom(...hostileJson),
      fc.boolean(),
    )
    .map(([name, suffix, value, twice]) => {
      const one = `${name}${suffix}=${wellFormed(value).slice(0, 6_000)}`;
      return twice ? `${one}&${name}=1&%zz&=` : one;
    });
}

/** The text of a value, percent-encoded but for the braces of an id's name. */
function wellFormed(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return /^\{\{[\w/-]+\}\}$/.test(text) ? text : encodeURIComponent(text.toWellFormed());
}
