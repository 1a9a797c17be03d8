import { expect, it } from '@jest/globals';
import { clientOperations, staffOperations } from './client-operations.ts';

const json = (schema: object) => ({ content: { 'application/json': { schema } } });
const text = { type: 'string' };

it('schemas become types, and operations what they take and answer', () => {
  const key = { name: 'Idempotency-Key', in: 'header', schema: text };
  const id = { name: 'id', in: 'path', required: true, schema: text };
  const openapi = {
    paths: {
      '/things/{id}': {
        get: {
          operationId: 'getThing',
          parameters: [id, { name: 'at', in: 'query', schema: text }],
          responses: { 200: json({ $ref: '#/components/schemas/Thing' }), 404: json({ type: 'object' }) },
        },
        patch: {
          operationId: 'changeThing',
          'x-roles': ['member', 'admin'],
          parameters: [id, key],
          requestBody: json({ type: 'object', properties: { name: text }, required: ['name'] }),
          responses: { 200: json({ $ref: '#/components/schemas/Thing' }) },
        },
      },
      '/things.csv': {
        get: {
          operationId: 'exportThings',
          'x-roles': ['admin'],
          responses: { 200: { content: { 'text/csv': { schema: text } } } },
        },
        post: {
          operationId: 'importThings',
          'x-roles': ['admin'],
          requestBody: { content: { 'text/csv': { schema: text } } },
          responses: { 201: json({ $ref: '#/components/schemas/Thing' }) },
        },
      },
    },
    components: {
      schemas: {
        Thing: {
          type: 'object',
          properties: {
            state: { enum: ['new', 'old'] },
            count: { type: ['integer', 'null'] },
            tags: { type: 'array', items: { anyOf: [text, { type: 'null' }] } },
            values: { type: 'object', additionalProperties: {} },
            'a-b': { const: 1 },
          },
          required: ['state'],
        },
      },
    },
  };
  expect(clientOperations(openapi).split('\n').slice(1)).toEqual([
    'export type Thing = { readonly state: "new" | "old"; readonly count?: number | null; ' +
      'readonly tags?: readonly (string | null)[]; readonly values?: { readonly [name: string]: unknown }; ' +
      "readonly 'a-b'?: 1 };",
    'export interface Operations {',
    '  getThing: { request: { path: { id: string }; query?: { at?: string } }; answer: Thing };',
    '  changeThing: { request: { path: { id: string }; body: { readonly name: string }; key: string }; answer: Thing };',
    '  exportThings: { request: {  }; answer: string };',
    '  importThings: { request: { body: Blob }; answer: Thing };',
    '}',
    'export type Routes = Partial<Record<keyof Operations, readonly [string, string]>>;',
    'export const memberRoutes: Routes = {',
    "  getThing: ['GET', '/things/{id}'],",
    "  changeThing: ['PATCH', '/things/{id}'],",
    '};',
    '',
  ]);
  expect(staffOperations(openapi).split('\n').slice(1)).toEqual([
    "import type { Routes } from './operations.ts';",
    '',
    'export const staffRoutes: Routes = {',
    "  exportThings: ['GET', '/things.csv'],",
    "  importThings: ['POST', '/things.csv'],",
    '};',
    '',
  ]);
});
