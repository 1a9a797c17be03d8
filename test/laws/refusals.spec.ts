import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { refusalDetails } from '#contracts/refusal-details.js';
import { problemKinds } from '../../apps/gateway/src/edge/endpoint/problem-kinds.js';
import { undeclaredDetails } from './refusals.ts';
import { sourceTree } from './source-tree.ts';

interface Schema {
  readonly $ref?: string;
  readonly oneOf?: readonly Schema[];
  readonly properties?: { readonly code?: { readonly enum?: readonly string[]; readonly const?: string } };
}

interface Answer {
  readonly $ref?: string;
  readonly content?: Readonly<Record<string, { readonly schema: Schema }>>;
}

interface Operation {
  readonly operationId: string;
  readonly 'x-refusals': readonly string[];
  readonly responses: Readonly<Record<string, Answer>>;
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: Readonly<Record<'schemas' | 'responses', Readonly<Record<string, unknown>>>>;
  readonly 'x-problems': Readonly<Record<string, { readonly status: number; readonly schema?: Schema }>>;
}

const document = JSON.parse(readFileSync(join(import.meta.dirname, '../../docs/openapi.json'), 'utf8')) as Document;
const operations = Object.values(document.paths).flatMap((path) => Object.values(path));
const named = (part: 'schemas' | 'responses', ref: string) =>
  document.components[part][ref.split('/').at(-1) as string];

/** The codes that the schema of a problem allows. */
function codesOf(schema: Schema): readonly string[] {
  if (schema.$ref) return codesOf(named('schemas', schema.$ref) as Schema);
  const { code } = schema.properties ?? {};
  return [...(schema.oneOf ?? []).flatMap(codesOf), ...(code?.enum ?? []), ...(code?.const ? [code.const] : [])];
}

function problemsOf({ responses }: Operation): [status: number, code: string][] {
  return Object.entries(responses).flatMap(([status, answer]) => {
    const { content } = answer.$ref ? (named('responses', answer.$ref) as Answer) : answer;
    const schema = content?.['application/problem+json']?.schema;
    return schema ? codesOf(schema).map((code): [number, string] => [Number(status), code]) : [];
  });
}

describe('the refusals of each operation', () => {
  it.each(operations.map((operation) => [operation.operationId, operation] as const))(
    '%s are a list, and the schemas of its answers have the same codes under their statuses',
    (_, operation) => {
      const problems = problemsOf(operation);
      expect(problems.map(([, code]) => code).sort()).toEqual(operation['x-refusals']);
      expect(problems.filter(([status, code]) => document['x-problems'][code]?.status !== status)).toEqual([]);
    },
  );

  it('are kinds of problems, each with the schema of its details', () => {
    const { 'x-problems': problems } = document;
    expect(Object.keys(problems).sort()).toEqual(Object.keys(problemKinds).sort());
    const listed = new Set(operations.flatMap((operation) => operation['x-refusals']));
    const typed = Object.keys(refusalDetails).filter((code) => listed.has(code));
    expect(Object.keys(problems).filter((code) => problems[code]?.schema)).toEqual(expect.arrayContaining(typed));
    expect(Object.keys(refusalDetails).filter((code) => !problemKinds[code])).toEqual([]);
  });
});

describe('the details of each refusal', () => {
  const all = sourceTree(
    'apps/{gateway,notifications,payments,promotions,subscriptions}/src/**/*.ts',
    'libs/*/src/**/*.ts',
  );
  /** Parked messages are those of the operations API. */
  const services = new Map([...all].filter(([path]) => !path.startsWith('libs/messaging/src/parking/')));

  it('are those that are declared for its code', () => {
    expect(undeclaredDetails(services, refusalDetails)).toEqual([]);
  });

  it('planted violations are found', () => {
    const declared = { FULL: z.object({ seats_taken: z.int(), limit: z.int().optional() }) };
    const planted = new Map([
      ['a.ts', "throw new Refusal('FULL', 'x', { field: 'y', seatsTaken: 3, limit });"],
      ['b.ts', "throw new Refusal('FULL', 'x', { seatsTaken, free: 1 });"],
      ['c.ts', "throw new Refusal('FULL', 'x');"],
      ['d.ts', "return ineligible('FULL', { ...(known && { seats_taken: 1 }) });"],
      ['e.ts', "return refusalOf('FULL', details);"],
      ['f.ts', "throw new Refusal('OTHER', 'x', { errors: [], what: 1 });"],
      ['g.spec.ts', "throw new Refusal('FULL', 'x');"],
    ]);
    expect(undeclaredDetails(planted, declared)).toEqual([
      'b.ts: FULL has free',
      'c.ts: FULL lacks seats_taken',
      'd.ts: FULL may lack seats_taken',
      'e.ts: FULL has details that are not written here: details',
      'f.ts: OTHER has what',
    ]);
  });
});
