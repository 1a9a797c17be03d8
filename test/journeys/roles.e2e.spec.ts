import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { ApiClient } from '../support/stack/api-client.js';
import {
  type ApiDocument,
  type ApiOperation,
  type CallerName,
  callers,
  operationsOf,
} from '../support/stack/api-operations.js';
import { Scenario, type Student } from '../support/stack/scenario.js';
import { Stack } from '../support/stack/stack.js';

/** What belongs to one person, one publisher and one business: ids by the names that requests have for them. */
interface Belongings {
  readonly student: Student;
  /** Values of members of a body and of a query, by their names. */
  readonly members: Readonly<Record<string, unknown>>;
  /** The id in an address, by the noun before it. */
  readonly ids: Readonly<Record<string, string>>;
  /** What nobody else may read, beside what they have sent themselves. */
  readonly secrets: readonly string[];
}

interface Sent {
  readonly status: number;
  readonly text: string;
}

describe('every route of the API', () => {
  let stack: Stack;
  let scenario: Scenario;
  let operations: ApiOperation[];
  let victim: Belongings;
  /** A registered person and a publisher who are somebody else. */
  let stranger: Student;
  let tokens: Record<CallerName, string | undefined>;

  beforeAll(async () => {
    stack = await Stack.start({ settings: { LOG_LEVEL: 'trace' } });
    scenario = await Scenario.on(stack);
    stranger = await scenario.student();
    victim = await belongings();
    tokens = {
      anonymous: undefined,
      member: await stack.token('member', stranger.personId),
      publisher: await stack.token('publisher', 'another-publisher'),
      admin: await stack.token('admin', 'admin'),
      ops: await stack.token('ops', 'olga'),
    };
    operations = operationsOf((await (await fetch(`${stack.gatewayUrl}/docs/json`)).json()) as ApiDocument);
  });
  afterAll(() => stack.stop());

  /** A person with a paid order, an open one, a bonus code and a conversion, and the code of a publisher. */
  async function belongings(): Promise<Belongings> {
    const student = await scenario.student();
    const { personId } = student;
    const [paidClass, openClass] = [
      await scenario.class({ priceMinor: 900 }),
      await scenario.class({ priceMinor: 700 }),
    ];
    const paidOrder = await scenario.order(student, paidClass);
    const paymentId = `pi_${randomUUID()}`;
    await scenario.pay({ paymentId, amountMinor: 1_000, orderId: paidOrder });
    await scenario.settled(paidOrder);
    const openOrder = await scenario.order(student, openClass);
    const { code, codeId } = await scenario.code({
      kind: 'bonus',
      amount_minor: 150,
      currency: 'EUR',
      owner_id: 'publisher',
    });
    const offerId = await scenario.offer();
    expect((await scenario.apply(student, code)).status).toBe(200);
    const conversionId = `conversion-${randomUUID()}`;
    await scenario.convert({ conversionId, personId, offerId, payoutMinor: 5_000 });
    const { body: money } = await scenario.admin.get(`/orders/${paidOrder}/money`);
    const { body: person } = await scenario.admin.get(`/persons/${personId}`);
    return {
      student,
      members: { person_id: personId, order_id: openOrder, class_id: openClass, code_id: codeId, offer_id: offerId },
      ids: {
        persons: personId,
        orders: openOrder,
        subscriptions: paidOrder,
        classes: openClass,
        'promo-codes': codeId,
        conversions: conversionId,
        offers: offerId,
      },
      secrets: [personId, paidOrder, openOrder, paymentId, money.payments[0].payment_id, person.username, person.email],
    };
  }

  /** The address of an operation with these ids, or with ids that nothing has. */
  function addressOf({ path, query }: ApiOperation, { ids, members }: Pick<Belongings, 'ids' | 'members'>): string {
    const address = path.replace(/([\w-]+)\/\{\w+\}/g, (_, noun) => `${noun}/${ids[noun] ?? randomUUID()}`);
    const filters = query
      .filter((name) => name in members)
      .map((name): [string, string] => [name, String(members[name])]);
    return filters.length === 0 ? address : `${address}?${new URLSearchParams(filters)}`;
  }

  /** The documented example of a body, about these ids. */
  function bodyOf({ body }: ApiOperation, members: Readonly<Record<string, unknown>>): unknown {
    const about = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(about);
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, members[name] ?? about(member)]));
    };
    return body?.type === 'application/json' ? JSON.stringify(about(body.example)) : 'code\n';
  }

  async function send(operation: ApiOperation, token: string | undefined, path: string, body?: unknown): Promise<Sent> {
    const response = await fetch(`${stack.gatewayUrl}/api${path}`, {
      method: operation.method,
      signal: AbortSignal.timeout(20_000),
      headers: {
        ...(token && { authorization: `Bearer ${token}` }),
        ...(operation.body && { 'content-type': operation.body.type }),
        'idempotency-key': randomUUID(),
      },
      ...(operation.body && { body: String(body ?? '{}') }),
    });
    if (response.headers.get('content-type')?.includes('text/event-stream')) {
      await response.body?.cancel();
      return { status: response.status, text: 'a stream' };
    }
    return { status: response.status, text: await response.text() };
  }

  const named = ({ method, path }: ApiOperation) => `${method} ${path}`;

  it('says who may call it, and a planted one that does not is found', () => {
    expect(operations.length).toBeGreaterThan(60);
    const planted = { paths: { '/api/planted': { get: {} } } };
    expect(() => operationsOf(planted)).toThrow('GET /api/planted does not say who may call it');
    expect(() => operationsOf({ paths: { '/api/planted': { get: { 'x-roles': ['root'] } } } })).toThrow('root');
  });

  it('lets in the roles that it names and nobody else', async () => {
    const nothing = { ids: {}, members: {} };
    const wrong: unknown[] = [];
    for (const operation of operations) {
      for (const caller of callers) {
        const { status } = await send(operation, tokens[caller], addressOf(operation, nothing));
        const expected = caller === 'anonymous' ? 401 : operation.roles.includes(caller) ? 'let in' : 403;
        const outcome = status === 401 || status === 403 ? status : 'let in';
        if (outcome !== expected || status >= 500) wrong.push([named(operation), caller, status, expected]);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('shows and does nothing of one person to another, and nothing of one publisher to another', async () => {
    const state = async () => {
      const { personId } = victim.student;
      const paths = ['account', 'account/entries', 'enrolments', 'promo-codes'].map(
        (part) => `/persons/${personId}/${part}`,
      );
      const orders = await scenario.admin.get(`/orders?person_id=${personId}`);
      const others = await Promise.all(paths.map((path) => scenario.admin.get(path)));
      return [orders, ...others].map(({ body: { at: _, ...body } }) => body);
    };
    const before = await state();
    expect(before[0]).toMatchObject({ total: 2 });
    const wrong: unknown[] = [];
    let tried = 0;
    for (const operation of operations) {
      for (const caller of ['member', 'publisher'] as const) {
        if (!operation.roles.includes(caller)) continue;
        tried++;
        const path = addressOf(operation, victim);
        const body = bodyOf(operation, victim.members);
        const { status, text } = await send(operation, tokens[caller], path, body);
        const known = `${path} ${body}`;
        const seen = victim.secrets.filter((secret) => text.includes(secret) && !known.includes(secret));
        const isTheirs =
          /\/(persons\/(?!me$)|orders\/|subscriptions\/|publisher\/promo-codes\/)[^/]/.test(path) ||
          known.includes('"person_id"');
        const isRefused = status === 404 || status === 403 || status === 400 || status === 422;
        if (seen.length > 0 || status >= 500) wrong.push([named(operation), caller, status, 'shows', seen, text]);
        else if (isTheirs && !isRefused) wrong.push([named(operation), caller, status, 'is let in', text]);
      }
    }
    expect(wrong).toEqual([]);
    expect(tried).toBeGreaterThan(20);
    expect(await state()).toEqual(before);
  });

  it('shows persons, orders and money of everybody to admins and operators, and of oneself to a member', async () => {
    const wrong: unknown[] = [];
    const own = operations.filter(
      ({ method, path, roles }) => method === 'GET' && roles.includes('member') && /\{id\}/.test(path),
    );
    for (const operation of own) {
      const path = addressOf(operation, victim);
      const member = await stack.token('member', victim.student.personId);
      for (const token of [member, tokens.admin, tokens.ops]) {
        const { status } = await send(operation, token, path);
        if (status !== 200) wrong.push([named(operation), status]);
      }
    }
    expect(wrong).toEqual([]);
    expect(own.length).toBeGreaterThan(8);
  });

  it('shows a member of their own order no payment of somebody else that names it', async () => {
    const { personId } = stranger;
    const classId = await scenario.class({ priceMinor: 300 });
    const orderId = await scenario.order(stranger, classId);
    const reference = `pi_${randomUUID()}`;
    await scenario.pay({ paymentId: reference, amountMinor: 200, orderId, personId: victim.student.personId });
    const { body: all } = await scenario.admin.get(`/orders/${orderId}/money`);
    expect(JSON.stringify(all)).toContain(reference);
    const subscriptionId = await scenario.order(stranger, await scenario.class());
    const ids = { persons: personId, orders: orderId, subscriptions: subscriptionId, classes: classId };
    const own = { ids, members: { person_id: personId } };
    const wrong: unknown[] = [];
    for (const operation of operations.filter(({ method, roles }) => method === 'GET' && roles.includes('member'))) {
      const { status, text } = await send(operation, tokens.member, addressOf(operation, own));
      const seen = [reference, ...victim.secrets].filter((secret) => text.includes(secret));
      if (status >= 300 || seen.length > 0) wrong.push([named(operation), status, seen]);
    }
    expect(wrong).toEqual([]);
  });

  it('keeps tickets, which stand in addresses, out of the logs', async () => {
    const { ticket } = await victim.student.api.made(`/orders/${victim.members.order_id}/stream-ticket`);
    const anonymous = new ApiClient(stack.gatewayUrl, undefined);
    const wrongOrder = await anonymous.get(`/orders/${randomUUID()}/events?ticket=${ticket}`);
    expect(wrongOrder.status).toBe(401);
    expect((await anonymous.get(`/orders/${victim.members.order_id}/events?ticket=${ticket}&nope=1`)).status).toBe(400);
    expect((await anonymous.get(`/nowhere?ticket=${ticket}`)).status).toBe(404);
    expect(JSON.stringify(wrongOrder.body)).not.toContain(ticket);
    await eventually(() => {
      const log = stack.log(stack.service('gateway'), 1_000_000);
      expect(log).toContain('/api/orders/:id/events');
      expect(log).not.toContain(ticket);
    });
  });
});
