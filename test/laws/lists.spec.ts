import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
}

interface Operation {
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly required?: boolean }[];
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: Schema }>> }>
  >;
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

const { paths, components } = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../docs/openapi.json'), 'utf8'),
) as Document;

/** These answers are whole, and their length is bounded: no lists that grow. */
const whole = ['/api/admin/promotions/top-codes', '/api/admin/subscription-methods', '/api/admin/webhook-event-types'];

/** Merged from the lists of several services: these go on after a cursor alone, and are counted on request. */
const merged = ['/api/admin/actions'];

const resolved = (schema: Schema | undefined): Schema | undefined =>
  schema?.$ref === undefined ? schema : components.schemas[schema.$ref.replace('#/components/schemas/', '')];

const reads = Object.entries(paths).flatMap(([path, { get }]) => {
  if (!get) return [];
  const query = (get.parameters ?? []).filter((parameter) => parameter.in === 'query');
  const answer = resolved(get.responses['200']?.content?.['application/json']?.schema);
  return [{ path, query, answer }];
});
const paged = ['page', 'limit', 'after', 'count'];
const lists = reads.filter(
  ({ path, query, answer }) =>
    ![...whole, ...merged].includes(path) &&
    (answer?.properties?.items !== undefined || query.some(({ name }) => paged.includes(name))),
);

describe('each list', () => {
  it('is among them', () => {
    expect(lists.length).toBeGreaterThanOrEqual(20);
    expect(reads.map(({ path }) => path)).toEqual(expect.arrayContaining([...whole, ...merged]));
  });

  it.each(merged)('%s goes on after a cursor', (merging) => {
    const { query, answer } = reads.find(({ path }) => path === merging) ?? {};
    expect(query?.map(({ name }) => name)).toEqual(expect.arrayContaining(['limit', 'after', 'count']));
    expect(query?.map(({ name }) => name)).not.toContain('page');
    expect(answer?.required).toEqual(expect.arrayContaining(['limit', 'next_cursor']));
    expect(answer?.required).not.toContain('total');
  });

  it.each(lists.map((list) => [list.path, list] as const))(
    '%s is read by page or after a cursor, and counted on request',
    (_, { query, answer }) => {
      const required = new Map(query.map((parameter) => [parameter.name, parameter.required ?? false]));
      expect(paged.map((name) => required.get(name))).toEqual([false, false, false, false]);
      expect(answer?.required).toEqual(expect.arrayContaining(['limit', 'next_cursor']));
      // Absent where the list was not counted, and after a cursor.
      for (const member of ['total', 'page']) {
        expect(answer?.properties?.[member]).toMatchObject({ type: 'integer' });
        expect(answer?.required).not.toContain(member);
      }
    },
  );
});
