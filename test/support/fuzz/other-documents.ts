import type { FuzzDocument } from './operations.js';
import type { Schema } from './schema-values.js';

const text: Schema = { type: 'string' };
const selection: Schema = {
  type: 'object',
  properties: { parked_ids: { type: 'array', items: { type: 'string', format: 'uuid' } }, note: text },
  required: ['parked_ids'],
};

/** The routes of ops, which has no OpenAPI document: operators see it, and no program is written for it. */
export function opsDocument(): FuzzDocument {
  const page = { content: { 'text/html': {} } };
  const pages = answers(page);
  const api = answers({});
  const inPath = (name: string) => ({ name, in: 'path', schema: text });
  const place = [inPath('place')];
  const message = [...place, inPath('parked_id')];
  const query = ['after', 'limit', 'type', 'page', 'count'].map((name) => ({ name, in: 'query', schema: text }));
  const json = { content: { 'application/json': { schema: selection } } };
  const form = { content: { 'application/x-www-form-urlencoded': { schema: text } } };
  return {
    paths: {
      '/': { get: { responses: pages } },
      '/sign-in': { get: { responses: pages }, post: { requestBody: form, responses: pages } },
      '/sign-out': { post: { requestBody: form, responses: pages } },
      '/parked': { get: { parameters: query, responses: pages } },
      '/parked/{place}': { get: { parameters: [...place, ...query], responses: pages } },
      '/parked/{place}/{parked_id}': { get: { parameters: message, responses: pages } },
      '/parked/{place}/replay': { post: { parameters: place, requestBody: form, responses: pages } },
      '/parked/{place}/discard': { post: { parameters: place, requestBody: form, responses: pages } },
      '/actions': { get: { parameters: query, responses: pages } },
      '/actions/{id}': { get: { parameters: [inPath('id')], responses: pages } },
      '/api/overview': { get: { responses: api } },
      '/api/parked/{place}': { get: { parameters: [...place, ...query], responses: api } },
      '/api/parked/{place}/{parked_id}': { get: { parameters: message, responses: api } },
      '/api/parked/{place}/replay': { post: { parameters: place, requestBody: json, responses: api } },
      '/api/parked/{place}/discard': { post: { parameters: place, requestBody: json, responses: api } },
      '/api/actions': { get: { parameters: query, responses: api } },
    },
    components: { schemas: {} },
  };
}

function answers(answer: object): Record<string, object> {
  const statuses = [200, 201, 204, 302, 303, 400, 401, 403, 404, 405, 409, 413, 415, 422, 429];
  return Object.fromEntries(statuses.map((status) => [status, answer]));
}
