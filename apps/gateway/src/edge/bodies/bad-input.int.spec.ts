import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { problem } from '#contracts/http.js';
import { replayWebhookDelivery } from '#contracts/notifications/webhook-deliveries.js';
import {
  archiveWebhookEndpoint,
  pauseWebhookEndpoint,
  pingWebhookEndpoint,
  resumeWebhookEndpoint,
} from '#contracts/notifications/webhook-endpoints.js';
import { beginCheckout } from '#contracts/payments/checkout.js';
import { deleteOffer } from '#contracts/promotions/offers.js';
import { changeCodeStatus } from '#contracts/promotions/promo-codes.js';
import { createClass } from '#contracts/subscriptions/classes.js';
import { approveOrder, cancelOrder, getOrder, openOrder } from '#contracts/subscriptions/orders.js';
import { reinstateRule, retireRule } from '#contracts/subscriptions/rules.js';
import { newId } from '#kernel/ids.js';
import { Refusal } from '#kernel/refusal.js';
import { GatewayEnvironment } from '../../../../../test/support/services/gateway-environment.js';
import type { ApiClient } from '../../../../../test/support/stack/api-client.js';
import { examples } from '../../documents/examples.js';

const id = '0198c0de-7a11-7c3e-8f00-3b5d1f6a00ff';
const order = { person_id: id, class_id: id };
const money = { amount_minor: 100, currency: 'EUR', method: 'cash', reference: 'R1' };
const person = examples.RegisterPerson;
const aClass = examples.ClassBody;
const conversion = examples.Conversion as object;

/** Path, body, and the members at fault with their codes, in order. */
const invalidBodies: [string, string, unknown, string[]][] = [
  ['nothing at all', '/orders', undefined, [' REQUIRED']],
  ['null', '/orders', 'null', [' WRONG_TYPE']],
  ['an array', '/orders', [order], [' WRONG_TYPE']],
  ['an empty object', '/orders', {}, ['/person_id REQUIRED', '/class_id REQUIRED']],
  ['unknown members', '/orders', { ...order, price: 1, 'a/b': 2 }, ['/price UNKNOWN_FIELD', '/a~1b UNKNOWN_FIELD']],
  ['a dot in a name', '/orders', { ...order, 'a.b': 1, 'c~.d': 2 }, ['/a.b UNKNOWN_FIELD', '/c~0.d UNKNOWN_FIELD']],
  [
    'members that every object inherits',
    '/orders',
    { ...order, constructor: 1, prototype: { a: 1 } },
    ['/constructor UNKNOWN_FIELD', '/prototype UNKNOWN_FIELD'],
  ],
  ['camelCase', '/orders', { personId: id, class_id: id }, ['/person_id REQUIRED', '/personId UNKNOWN_FIELD']],
  ['a number for an id', '/orders', { ...order, class_id: 7 }, ['/class_id WRONG_TYPE']],
  ['words for an id', '/orders', { ...order, class_id: 'yoga' }, ['/class_id MALFORMED']],
  ['a lower-case currency', '/orders', { ...order, currency: 'eur' }, ['/currency MALFORMED']],
  ['an e-mail address that is none', '/persons', { ...person, email: 'asha' }, ['/email MALFORMED']],
  ['a name of spaces', '/persons', { ...person, name: '   ' }, ['/name TOO_SMALL']],
  ['a name of 201 letters', '/persons', { ...person, name: 'a'.repeat(201) }, ['/name TOO_LARGE']],
  ['a username with a space', '/persons', { ...person, username: 'a b' }, ['/username MALFORMED']],
  ['a name of zero-width spaces', '/persons', { ...person, name: '\u200b' }, ['/name INVALID']],
  ['a name of blank braille', '/persons', { ...person, name: '\u2800' }, ['/name INVALID']],
  ['a name of two lines', '/persons', { ...person, name: 'a\nb' }, ['/name INVALID']],
  ['a name that runs backwards', '/persons', { ...person, name: 'a\u202eb' }, ['/name INVALID']],
  ['a title that rings', '/admin/classes', { ...aClass, title: 'a\u0007' }, ['/title INVALID']],
  ['a note of two lines', '/admin/payments', { ...money, note: 'a\nb' }, ['/note INVALID']],
  [
    'a description that runs backwards',
    '/admin/classes',
    { ...aClass, description: 'a\u202e\nb' },
    ['/description INVALID'],
  ],
  ['a name with a NUL', '/persons', { ...person, name: 'a\u0000b' }, ['/name INVALID']],
  ['half a character', '/persons', { ...person, name: 'a\ud800' }, ['/name INVALID']],
  ['an amount of zero', '/admin/payments', { ...money, amount_minor: 0 }, ['/amount_minor TOO_SMALL']],
  ['a negative amount', '/admin/payments', { ...money, amount_minor: -1 }, ['/amount_minor TOO_SMALL']],
  ['a fraction of a cent', '/admin/payments', { ...money, amount_minor: 1.5 }, ['/amount_minor WRONG_TYPE']],
  ['an absurd amount', '/admin/payments', { ...money, amount_minor: 1e13 }, ['/amount_minor TOO_LARGE']],
  ['an amount in words', '/admin/payments', { ...money, amount_minor: '100' }, ['/amount_minor WRONG_TYPE']],
  ['a method that is none', '/admin/payments', { ...money, method: 'gold' }, ['/method NOT_ALLOWED']],
  ['a day that does not exist', '/admin/classes', { ...aClass, start_date: '2026-02-30' }, ['/start_date MALFORMED']],
  ['no seats', '/admin/classes', { ...aClass, capacity: 0 }, ['/capacity TOO_SMALL']],
  [
    'an instant finer than a nanosecond',
    '/conversions',
    { ...conversion, occurred_at: '2026-03-02T08:59:12.1234567890Z' },
    ['/occurred_at INVALID'],
  ],
  [
    'an instant of the year 0, among several,',
    '/conversions',
    [conversion, { ...conversion, occurred_at: '0000-03-02T08:59:12Z' }],
    ['/1/occurred_at INVALID'],
  ],
  ['yes for true', '/admin/classes', { ...aClass, approval_required: 'yes' }, ['/approval_required WRONG_TYPE']],
  [
    'a parameter type with a NUL',
    '/admin/subscription-rules',
    { title: 'x', method: 'free', parameters: [{ name: 'ok', type: 'a\u0000b' }] },
    ['/parameters/0/type INVALID'],
  ],
  [
    'a fault deep inside',
    '/admin/subscription-rules',
    {
      title: 'x',
      method: 'free',
      parameters: [
        { name: 'ok', type: 't' },
        { name: 'Not Ok', type: 't', x: 1 },
      ],
    },
    ['/parameters/1/name MALFORMED', '/parameters/1/x UNKNOWN_FIELD'],
  ],
];

interface Operation {
  readonly parameters?: readonly { readonly in: string }[];
  readonly requestBody?: unknown;
}

/** Every endpoint, as the committed document has it: method, path, and whether it takes a query and a body. */
const endpoints = Object.entries(
  JSON.parse(readFileSync(join(import.meta.dirname, '../../../../../docs/openapi.json'), 'utf8')).paths as Record<
    string,
    Record<string, Operation>
  >,
).flatMap(([path, operations]) =>
  Object.entries(operations).map(([method, { parameters = [], requestBody }]) => ({
    method: method.toUpperCase(),
    path: path.replace('/api', '').replaceAll(/\{(?:delivery_)?id\}/g, id),
    takesQuery: parameters.some((parameter) => parameter.in === 'query'),
    takesBody: requestBody !== undefined,
  })),
);
const bodiless = endpoints.filter(({ method, takesBody }) => method !== 'GET' && !takesBody);

describe('bad input', () => {
  let environment: GatewayEnvironment;
  let url: string;
  let admin: ApiClient;
  let publisher: ApiClient;
  let member: ApiClient;

  beforeAll(async () => {
    environment = await GatewayEnvironment.create();
    url = await environment.gateway();
    admin = await environment.client(url, { role: 'admin' });
    publisher = await environment.client(url, { role: 'publisher' });
    member = await environment.client(url, { role: 'member', sub: id });
  });
  beforeEach(() => environment.reset());
  afterAll(() => environment.close());

  // biome-ignore lint/suspicious/noExplicitAny: a problem document
  const faults = (body: any) =>
    body.errors.map((error: { field: string; code: string }) => `${error.field} ${error.code}`);

  it.each(invalidBodies)('%s in the body of %s is named', async (_, path, body, expected) => {
    const sent = await admin.post(path, body, { 'content-type': 'application/json', 'idempotency-key': newId() });
    expect(sent).toMatchObject({ status: 400, body: { code: 'INVALID_INPUT' } });
    expect(sent.headers.get('content-type')).toContain('application/problem+json');
    expect(faults(sent.body)).toEqual(expected);
    expect(sent.body.field).toBe(expected[0]?.split(' ')[0]);
    expect(problem.safeParse(sent.body).success).toBe(true);
    expect(environment.done).toEqual([]);
  });

  it.each([
    ['/orders?page=0', '/page TOO_SMALL'],
    ['/orders?page=two', '/page WRONG_TYPE'],
    ['/orders?limit=201', '/limit TOO_LARGE'],
    ['/orders?limit=1.5', '/limit WRONG_TYPE'],
    ['/orders?limit=1&limit=2', '/limit WRONG_TYPE'],
    ['/orders?state=paid', '/state NOT_ALLOWED'],
    ['/orders?sort=price', '/sort NOT_ALLOWED'],
    ['/orders?order=price', '/order UNKNOWN_FIELD'],
    ['/orders?constructor=1', '/constructor UNKNOWN_FIELD'],
    ['/orders?__proto__=1', '/__proto__ UNKNOWN_FIELD'],
    [`/persons/${id}/account?at=yesterday`, '/at MALFORMED'],
    [`/persons/${id}/account?at=2026-01-01T00:00:00.1234567890Z`, '/at INVALID'],
    [`/persons/${id}/account?at=0000-01-01T00:00:00Z`, '/at INVALID'],
    [`/admin/promo-codes/${id}/series?from=0000-01-01`, '/from INVALID'],
    [`/admin/promo-codes/${id}/offer-analytics?to=9999-12-31T23:00:00-05:00`, '/to MALFORMED'],
    [`/admin/promo-codes/${id}/openings?from=9999-12-31`, '/from INVALID'],
    [`/admin/promo-codes/${id}/openings?from=0001-01-01`, '/from INVALID'],
    [`/persons/${id}/account/entries?currency=euro`, '/currency MALFORMED'],
    [`/admin/subscription-rules/${id}?version=-1`, '/version TOO_SMALL'],
    [`/admin/subscription-rules/${id}?version=2147483648`, '/version TOO_LARGE'],
    [`/admin/subscription-rules/${id}?version=newest`, '/version WRONG_TYPE'],
    ['/orders/17', '/id MALFORMED'],
  ])('GET %s names what is wrong with it', async (path, expected) => {
    const answer = await admin.get(path);
    expect(answer).toMatchObject({ status: 400, body: { code: 'INVALID_INPUT' } });
    expect(faults(answer.body)).toEqual([expected]);
  });

  it.each(['after=%26', 'sort=code&after=WzFd'])('a list of codes refuses the cursor in %s', async (query) => {
    const answer = await admin.get(`/admin/promo-codes?${query}`);
    expect(answer.status).toBe(400);
    expect(new Set(faults(answer.body))).toEqual(new Set(['/after INVALID']));
  });

  const callerOf = (method: string, path: string) => {
    if (path.startsWith('/publisher/')) return publisher;
    const isOwn = path.startsWith('/persons/me') || (method === 'PATCH' && path.startsWith('/persons/'));
    return isOwn ? member : admin;
  };
  const asked = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
    callerOf(method, path).request(method, path, body, {
      'idempotency-key': newId(),
      ...headers,
    });

  it.each(endpoints)('$method $path names a query that it does not take', async ({ method, path, takesQuery }) => {
    const headers: Record<string, string> = path.endsWith('/import') ? { 'content-type': 'text/csv' } : {};
    const answer = await asked(method, `${path}?limit=7&dry_run=true`, undefined, headers);
    expect(answer).toMatchObject({ status: 400, body: { code: 'INVALID_INPUT' } });
    expect(faults(answer.body)).toEqual(expect.arrayContaining(['/dry_run UNKNOWN_FIELD']));
    if (!takesQuery) expect(faults(answer.body)).toEqual(['/limit UNKNOWN_FIELD', '/dry_run UNKNOWN_FIELD']);
    expect(environment.done).toEqual([]);
  });

  it('there are endpoints without a body, of several kinds', () => {
    const known = bodiless.map(({ method, path }) => `${method} ${path.replaceAll(id, '{id}')}`);
    expect(known).toEqual(expect.arrayContaining(['DELETE /admin/offers/{id}', 'POST /orders/{id}/checkout']));
    expect(known.length).toBeGreaterThan(10);
  });

  describe.each(bodiless)('$method $path, which takes no body,', ({ method, path }) => {
    beforeEach(() => {
      environment.on(approveOrder, () => examples.Order as never);
      environment.on(getOrder, () => examples.Order as never);
      environment.on(changeCodeStatus, () => examples.PromoCode as never);
      environment.on(deleteOffer, () => examples.Offer as never);
      environment.on(beginCheckout, () => examples.Checkout as never);
      for (const retirement of [retireRule, reinstateRule])
        environment.on(retirement, () => examples.SubscriptionRule as never);
      for (const command of [pauseWebhookEndpoint, resumeWebhookEndpoint, archiveWebhookEndpoint]) {
        environment.on(command, () => examples.WebhookEndpoint as never);
      }
      for (const command of [pingWebhookEndpoint, replayWebhookDelivery]) {
        environment.on(command, () => examples.WebhookDelivery as never);
      }
    });

    it.each([
      ['unknown members', { ordre_id: id, dry_run: true }, ['/ordre_id UNKNOWN_FIELD', '/dry_run UNKNOWN_FIELD']],
      ['a member that its address has', { id }, ['/id UNKNOWN_FIELD']],
      ['null', 'null', [' WRONG_TYPE']],
      ['an array', [], [' WRONG_TYPE']],
      ['a word', '"now"', [' WRONG_TYPE']],
    ])('names %s in one, and does nothing', async (_, body, expected) => {
      const answer = await asked(method, path, body);
      expect(answer).toMatchObject({ status: 400, body: { code: 'INVALID_INPUT' } });
      expect(faults(answer.body)).toEqual(expected);
      expect(environment.done).toEqual([]);
    });

    it.each([
      ['CSV', 'dry_run\ntrue\n', 'text/csv'],
      ['a form', 'dry_run=true', 'application/x-www-form-urlencoded'],
    ])('refuses %s', async (_, body, type) => {
      expect((await asked(method, path, body, { 'content-type': type })).status).toBe(415);
      expect(environment.done).toEqual([]);
    });

    it.each([
      ['nothing', undefined],
      ['an empty object', {}],
    ])('takes %s', async (_, body) => {
      expect([200, 201]).toContain((await asked(method, path, body)).status);
    });
  });

  it('pages that people and machines look at beside the API take what comes along', async () => {
    for (const path of ['/docs', '/docs/json']) {
      expect([path, (await fetch(`${url}${path}?from=here`)).status]).toEqual([path, 200]);
    }
  });

  it('keeps every member of an object whose names are free', async () => {
    const parameters = { constructor: 'brick', prototype: { prototype: 1 } };
    let received: unknown;
    environment.on(createClass, (body) => {
      received = body.parameters;
      return examples.Class as never;
    });
    expect((await admin.post('/admin/classes', { ...aClass, parameters })).status).toBe(201);
    expect(received).toEqual(parameters);
  });

  it('names twenty faults at the most', async () => {
    const members = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`m${index}`, index]));
    const answer = await admin.post('/orders', { ...order, ...members });
    expect(answer.body.errors).toHaveLength(20);
  });

  const json = { 'content-type': 'application/json' };
  it.each([
    ['broken JSON', '{"person_id": ', json, 400, 'MALFORMED_REQUEST'],
    ['an empty body that calls itself JSON', '', json, 400, 'INVALID_INPUT'],
    ['a text', 'now', { 'content-type': 'text/plain' }, 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['a body that would change prototypes', '{"__proto__":{"admin":true}}', json, 400, 'MALFORMED_REQUEST'],
    ['a body above 64 KiB', `{"person_id":"${'x'.repeat(65_536)}"}`, json, 413, 'BODY_TOO_LARGE'],
    ['another media type', '<order/>', { 'content-type': 'application/xml' }, 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['a form', 'person_id=1', { 'content-type': 'application/x-www-form-urlencoded' }, 415, 'UNSUPPORTED_MEDIA_TYPE'],
  ])('%s is a problem of its own', async (_, body, headers, status, code) => {
    const answer = await admin.post('/orders', body, headers as Record<string, string>);
    expect(answer).toMatchObject({ status, body: { status, code, trace_id: expect.stringMatching(/^[0-9a-f]{32}$/) } });
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
  });

  it.each([
    ['arrays', `${'['.repeat(30_000)}${']'.repeat(30_000)}`],
    ['objects', `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`],
  ])('thousands of %s inside each other are refused before anybody walks them', async (_, deep) => {
    environment.on(createClass, () => examples.Class as never);
    const answer = await admin.post(
      '/admin/classes',
      `${JSON.stringify(aClass).slice(0, -1)},"parameters":{"p":${deep}}}`,
      json,
    );
    expect(answer).toMatchObject({ status: 400, body: { code: 'INVALID_INPUT', errors: [{ code: 'TOO_DEEP' }] } });
    expect(environment.done).toEqual([]);
  });

  it('an unknown address is a 404, a known one with another method a 405 that lists those that fit', async () => {
    expect(await admin.get('/nothing')).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
    expect(await admin.post(`/persons/${id}/enrolments/x`)).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
    const wrong = await admin.request('DELETE', `/orders/${id}`);
    expect(wrong).toMatchObject({ status: 405, body: { code: 'METHOD_NOT_ALLOWED' } });
    expect(wrong.headers.get('allow')).toBe('GET, HEAD');
    expect((await admin.request('PUT', '/orders?x=1')).headers.get('allow')).toBe('GET, HEAD, POST');
  });

  it.each([
    ['a malformed address', 'GET /api/orders/%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', 400],
    ['no HTTP at all', 'HELLO\r\n\r\n', 400],
    ['headers without end', `GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
  ])('%s is turned away with a problem as well', async (_, bytes, status) => {
    const [head, body] = (await raw(url, bytes)).split('\r\n\r\n') as [string, string];
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(head).toMatch(/^content-type: application\/problem\+json/im);
    expect(JSON.parse(body)).toMatchObject({ status, code: expect.stringMatching(/^[A-Z_]+$/) });
  });

  it.each([
    ['a malformed address', '/orders/%zz'],
    ['a part of an address that is too long', `/orders/${'x'.repeat(1_001)}`],
  ])('the answer to %s names its trace, which is the caller’s', async (_, path) => {
    const answer = await admin.request('GET', path, undefined, {
      traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
      'x-correlation-id': 'checkout-7',
    });
    expect(answer.body).toMatchObject({ trace_id: '4bf92f3577b34da6a3ce929d0e0e4736' });
    expect(answer.headers.get('traceparent')).toMatch(/^00-4bf92f3577b34da6a3ce929d0e0e4736-/);
    expect(answer.headers.get('x-correlation-id')).toBe('checkout-7');
  });

  it('the answer of a refusal names the member at fault and the events', async () => {
    environment.on(createClass, () => {
      throw new Refusal('PARAMETER_INVALID', 'price is not a whole number.', {
        field: 'parameters.price',
        given: 'ten',
      });
    });
    expect(await admin.post('/admin/classes', aClass)).toMatchObject({
      status: 422,
      body: { code: 'PARAMETER_INVALID', field: '/parameters/price', details: { given: 'ten' } },
    });
  });

  it('a body may be left out where nothing in it is needed', async () => {
    environment.on(cancelOrder, ({ reason }) => ({ ...examples.Order, end_reason: reason ?? null }) as never);
    expect((await admin.post(`/orders/${id}/cancel`)).body).toMatchObject({ end_reason: null });
    expect((await admin.post(`/orders/${id}/cancel`, { reason: 'ill' })).body).toMatchObject({ end_reason: 'ill' });
    expect(await admin.post(`/orders/${id}/cancel`, { why: 'ill' })).toMatchObject({ status: 400 });
  });

  it('a bug of a service is a 500 without details of the bug', async () => {
    environment.on(openOrder, () => {
      throw new Error('secret of the house');
    });
    const answer = await admin.post('/orders', order);
    expect(answer).toMatchObject({ status: 500, body: { code: 'INTERNAL_ERROR' } });
    expect(JSON.stringify(answer.body)).not.toContain('secret');
  });
});

/** Sends bytes as they are and gives what comes back. */
function raw(url: string, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.end(bytes));
    let answer = '';
    socket.setEncoding('utf8');
    socket.on('data', (text) => {
      answer += text;
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(answer));
  });
}
