import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Type } from '@nestjs/common';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { isEmail } from '#contracts/subscriptions/email.js';
import { featureModules } from '../../apps/gateway/src/gateway.module.js';
import { generatedClient, generatedDocuments } from '../../tools/docs/documents.ts';

const docs = join(import.meta.dirname, '../../docs');

describe('the committed documents', () => {
  it('match the contracts and the routes; `npm run docs` writes them', async () => {
    const generated = await generatedDocuments((path) => import(`../../${path}`));
    const committed = globSync('**/*.json', { cwd: docs });
    expect(committed.sort()).toEqual([...generated.keys()].sort());
    for (const [path, text] of generated) expect([path, readFileSync(join(docs, path), 'utf8')]).toEqual([path, text]);
  });

  it('are what the types of the console were made of', () => {
    const committed = new Map([['openapi.json', readFileSync(join(docs, 'openapi.json'), 'utf8')]]);
    for (const [path, text] of generatedClient(committed)) {
      expect([path, readFileSync(join(docs, '..', path), 'utf8')]).toEqual([path, text]);
    }
  });

  it('have a JSON Schema of draft 2020-12 for the payload of each message', () => {
    const { components } = read('asyncapi.json') as { components: { messages: Record<string, unknown> } };
    const ajv = new Ajv2020({ strict: true, strictRequired: false, strictTypes: false, allowUnionTypes: true });
    addFormats.default(ajv);
    // RFC 6531; ajv-formats has only the addresses of ASCII.
    ajv.addFormat('idn-email', isEmail);
    ajv.addVocabulary(['components', 'x-shown-to']);
    ajv.addSchema({ $id: 'https://messages.test/asyncapi', components });
    for (const name of Object.keys(components.messages)) {
      const $ref = `https://messages.test/asyncapi#/components/messages/${name}/payload`;
      expect(typeof ajv.compile({ $ref })).toBe('function');
    }
  });

  it('list every problem that an endpoint declares, and the refusals of bodies where it has a body', () => {
    const { paths, components } = read('openapi.json') as unknown as {
      paths: Record<string, Record<string, Operation>>;
      components: { responses: Record<string, Answer> };
    };
    const resolved = (answer: Answer | undefined) =>
      answer?.$ref ? components.responses[answer.$ref.split('/').at(-1) as string] : answer;
    const declared = declaredProblems();
    const unlisted = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).flatMap(([method, { operationId, responses }]) => {
        const ofBodies = /post|put|patch/.test(method) ? ['400 MALFORMED_REQUEST', '413 BODY_TOO_LARGE'] : [];
        const wanted = [...(declared.get(operationId) ?? ['nothing is declared']), ...ofBodies];
        return wanted
          .filter((problem) => {
            const [status = '', code] = problem.split(' ');
            return !resolved(responses[status])?.description?.includes(`\`${code}\``);
          })
          .map((problem) => `${method} ${path}: ${problem}`);
      }),
    );
    expect(unlisted).toEqual([]);
  });

  it('have examples that match their schemas', () => {
    const { components } = read('openapi.json') as {
      components: { schemas: Record<string, { examples?: unknown[] }> };
    };
    const ajv = new Ajv2020({ strict: false });
    addFormats.default(ajv);
    // RFC 6531; ajv-formats has only the addresses of ASCII.
    ajv.addFormat('idn-email', isEmail);
    ajv.addSchema({ $id: 'https://api.test/openapi', components });
    const shown = Object.entries(components.schemas).filter(([, { examples }]) => examples?.length);
    expect(shown.length).toBeGreaterThan(20);
    for (const [name, { examples }] of shown) {
      const validate = ajv.compile({ $ref: `https://api.test/openapi#/components/schemas/${name}` });
      validate(examples?.[0]);
      expect([name, validate.errors]).toEqual([name, null]);
    }
  });

  it.each(['openapi.json', 'openapi.webhooks.json', 'asyncapi.json'])(
    '%s refers to nothing that is not in it',
    (name) => {
      const document = read(name);
      const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(
        ([, path]) => path as string,
      );
      const dangling = references.filter((path) => partAt(document, path) === undefined);
      expect(dangling).toEqual([]);
    },
  );

  it('have a unique id, a summary and the common refusals for each operation', () => {
    const operations = Object.values(read('openapi.json').paths as Record<string, Record<string, Operation>>).flatMap(
      (path) => Object.values(path),
    );
    const ids = operations.map(({ operationId }) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { operationId, responses, summary, security } of operations) {
      const statuses = Object.keys(responses);
      expect([operationId, statuses]).toEqual([
        operationId,
        expect.arrayContaining(['400', '401', '403', '429', '503']),
      ]);
      expect([operationId, statuses.some((status) => status.startsWith('2'))]).toEqual([operationId, true]);
      // Endpoints for outside systems accept a signature in place of a token.
      const other = ['signature', 'ticket'].filter((way) => security.some((given) => way in given));
      const ways = [{ bearer: [] }, ...other.map((way) => ({ [way]: [] }))];
      expect([operationId, summary, security]).toEqual([operationId, expect.any(String), ways]);
    }
  });
});

describe('the README of the gateway', () => {
  it('lists each path of the API among its routes', () => {
    const readme = readFileSync(join(docs, '../apps/gateway/README.md'), 'utf8');
    const lines = readme.split('\n').filter((line) => /^- `(GET |POST )?\//.test(line));
    const listed = new Set(lines.flatMap(pathsOf));
    const paths = Object.keys(read('openapi.json').paths as object);
    const unlisted = paths.map((path) => path.replace('/api', '').replaceAll(/\{\w+\}/g, ':id'));
    expect(unlisted.filter((path) => !listed.has(path))).toEqual([]);
  });
});

/** The first path of a line is whole; a later one is whole too, or continues any prefix of a path before it. */
function pathsOf(line: string): string[] {
  const written = [...(line.split('): ')[0] ?? '').matchAll(/`(?:[A-Z]+ )?(\/[^`?]+)/g)].map(
    ([, path]) => path as string,
  );
  const paths = written.slice(0, 1);
  for (const path of written.slice(1)) {
    const prefixes = paths.flatMap((whole) => whole.split('/').map((_, at, steps) => steps.slice(0, at + 1)));
    paths.push(path, ...prefixes.map((steps) => steps.join('/') + path));
  }
  return paths;
}

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly security: readonly Record<string, unknown>[];
  readonly responses: Record<string, Answer>;
}

interface Answer {
  readonly $ref?: string;
  readonly description?: string;
}

/** The problems that each method of the gateway's controllers declares, as `status code`, by its name. */
function declaredProblems(): Map<string, string[]> {
  const controllers: Type[] = featureModules.flatMap((module) => Reflect.getMetadata('controllers', module));
  const handlers = controllers.flatMap(({ prototype }) =>
    Object.getOwnPropertyNames(prototype).map((name) => [name, prototype[name]] as const),
  );
  return new Map(
    handlers.map(([name, handler]) => {
      const answers: Record<string, Answer> = Reflect.getMetadata('swagger/apiResponse', handler) ?? {};
      const problems = Object.entries(answers).flatMap(([status, { description = '' }]) =>
        [...description.matchAll(/^`([A-Z_]+)`:/gm)].map(([, code]) => `${status} ${code}`),
      );
      return [name, problems];
    }),
  );
}

function read(name: string): Record<string, unknown> {
  return JSON.parse(readFileSync(join(docs, name), 'utf8')) as Record<string, unknown>;
}

/** The value at a JSON Pointer (RFC 6901) without its first slash. */
function partAt(document: unknown, path: string): unknown {
  return path
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce((part: unknown, step) => (part as Record<string, unknown> | undefined)?.[step], document);
}
