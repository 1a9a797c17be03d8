import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { cursorOf } from '#contracts/cursors.js';
import { listClasses } from '#contracts/subscriptions/classes.js';
import { GatewayEnvironment } from '../../../../../test/support/services/gateway-environment.js';
import type { ApiClient } from '../../../../../test/support/stack/api-client.js';

const id = '0198c0de-7a11-7c3e-8f00-3b5d1f6a00ff';

let environment: GatewayEnvironment;
let admin: ApiClient;

beforeAll(async () => {
  environment = await GatewayEnvironment.create();
  admin = await environment.client(await environment.gateway(), { role: 'admin' });
});
beforeEach(() => environment.reset());
afterAll(() => environment.close());

it('lists are read by page or after a cursor, and bounded by default', async () => {
  const requests: unknown[] = [];
  environment.on(listClasses, (request) => {
    requests.push(request);
    return { items: [], total: 7, limit: request.limit, next_cursor: null };
  });
  const cursor = cursorOf([id]);
  expect((await admin.get('/classes?page=2&limit=5')).body).toMatchObject({ total: 7, limit: 5, next_cursor: null });
  for (const query of ['', '?count=false', `?after=${cursor}&count=true`]) await admin.get(`/classes${query}`);
  expect(requests).toEqual([
    { sort: 'newest', page: 2, limit: 5 },
    { sort: 'newest', limit: 50 },
    { sort: 'newest', limit: 50, count: false },
    { sort: 'newest', limit: 50, after: cursor, count: true },
  ]);
});

it.each([
  ['an empty cursor', ''],
  ['a text that is no cursor', 'now'],
  ['an id in place of a cursor', id],
  ['a cursor of other values', cursorOf(['x'])],
  ['a cursor of too many values', cursorOf([id, id])],
  ['a cursor that is not written as ours are', `${cursorOf([id])}=`],
  ['base64url of something else', Buffer.from('{"id":1}').toString('base64url')],
  ['a cursor together with a page', `${cursorOf([id])}&page=1`],
])('%s is a 400 that names it', async (_, after) => {
  expect(await admin.get(`/classes?after=${after}`)).toMatchObject({
    status: 400,
    body: { code: 'INVALID_INPUT', field: '/after' },
  });
});

it('a list is counted or not, and nothing else', async () => {
  expect(await admin.get('/classes?count=maybe')).toMatchObject({ status: 400, body: { field: '/count' } });
});
