import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { registerPayment } from '#contracts/payments/payments.js';
import { recordConversions, reverseConversion } from '#contracts/promotions/conversions.js';
import { cancelOrder, openOrder } from '#contracts/subscriptions/orders.js';
import { newId } from '#kernel/ids.js';
import { Refusal } from '#kernel/refusal.js';
import { eventually } from '../../../../../test/support/eventually.js';
import { GatewayEnvironment } from '../../../../../test/support/services/gateway-environment.js';
import { type Answer, type ApiClient } from '../../../../../test/support/stack/api-client.js';
import { examples } from '../../documents/examples.js';

const conversion = examples.Conversion as object;
const reversal = { reason: 'refund' };

describe('an Idempotency-Key', () => {
  let environment: GatewayEnvironment;
  let one: string;
  let other: string;
  let admin: ApiClient;
  let adminElsewhere: ApiClient;

  beforeAll(async () => {
    environment = await GatewayEnvironment.create();
    [one, other] = await Promise.all([environment.gateway(), environment.gateway()]);
    const claims = { role: 'admin', sub: 'ravi' };
    [admin, adminElsewhere] = await Promise.all([environment.client(one, claims), environment.client(other, claims)]);
  });
  beforeEach(async () => {
    await environment.reset();
    environment.on(
      openOrder,
      ({ person_id, class_id }) => ({ ...examples.Order, order_id: newId(), person_id, class_id }) as never,
    );
    environment.on(registerPayment, () => ({ ...examples.Payment, payment_id: newId() }) as never);
    environment.on(cancelOrder, () => examples.Order as never);
    environment.on(recordConversions, () => examples.ConversionOutcomes as never);
    environment.on(reverseConversion, () => examples.Reversal as never);
  });
  afterAll(() => environment.close());

  const order = { person_id: newId(), class_id: newId() };
  const open = (client: ApiClient, key: string, body: object = order) =>
    client.post('/orders', body, { 'idempotency-key': key });

  const replayOf = ({ headers }: Answer) =>
    ['idempotent-replayed', 'idempotent-first-answered-at'].map((name) => headers.get(name));

  it('gives a repeat the first answer, at every instance and for any order of the members', async () => {
    const first = await open(admin, 'k1');
    expect(first.status).toBe(201);
    const again = await open(adminElsewhere, 'k1', { class_id: order.class_id, person_id: order.person_id });
    expect(again).toMatchObject({ status: 201, body: first.body });
    expect(again.headers.get('location')).toBe(first.headers.get('location'));
    expect(environment.done).toHaveLength(1);
    expect(replayOf(first)).toEqual([null, null]);
    expect(replayOf(again)).toEqual(['true', expect.stringMatching(/^20\d\d-.*Z$/)]);
  });

  it('gives a repeat the first refusal as well', async () => {
    environment.on(openOrder, () => {
      throw new Refusal('CLASS_FULL', 'All seats are taken.');
    });
    const first = await open(admin, 'k1');
    const answeredBy = Temporal.Now.instant();
    environment.on(openOrder, () => examples.Order as never);
    const again = await open(adminElsewhere, 'k1');
    expect(again).toMatchObject({ status: 409, body: { code: 'CLASS_FULL', detail: first.body.detail } });
    expect(environment.done).toHaveLength(1);
    // Without these headers it would look as if the class were still full.
    expect(replayOf(first)).toEqual([null, null]);
    const [isReplayed, answeredAt] = replayOf(again);
    expect(isReplayed).toBe('true');
    expect(Temporal.Instant.compare(answeredAt as string, answeredBy)).toBeLessThanOrEqual(0);
    expect(replayOf(await open(admin, 'k2'))).toEqual([null, null]);
  });

  it('of another request is no replay', async () => {
    await open(admin, 'k1');
    expect(replayOf(await open(admin, 'k1', { ...order, class_id: newId() }))).toEqual([null, null]);
  });

  it('refuses another request under it: another body, or another order', async () => {
    await open(admin, 'k1');
    const reused = { status: 422, body: { code: 'IDEMPOTENCY_KEY_REUSED' } };
    expect(await open(admin, 'k1', { ...order, class_id: newId() })).toMatchObject(reused);
    const cancel = (id: string) => admin.post(`/orders/${id}/cancel`, undefined, { 'idempotency-key': 'k1' });
    expect((await cancel(newId())).status).toBe(200);
    expect(await cancel(newId())).toMatchObject(reused);
    expect(environment.done).toHaveLength(2);
  });

  it('belongs to the subject of the token', async () => {
    const stranger = await environment.client(one, { role: 'admin', sub: 'meera' });
    const [mine, theirs] = [await open(admin, 'k1'), await open(stranger, 'k1')];
    expect(mine.body.order_id).not.toBe(theirs.body.order_id);
  });

  /** An order that is being opened, until `finish` is called. */
  function slowOrder() {
    const { promise: started, resolve: start } = Promise.withResolvers<void>();
    const { promise: finished, resolve: finish } = Promise.withResolvers<void>();
    environment.on(openOrder, async () => {
      start();
      await finished;
      return examples.Order as never;
    });
    return { started, finish };
  }

  it('refuses a repeat while the first is running, and accepts it as soon as the first is answered', async () => {
    const { started, finish } = slowOrder();
    const first = open(admin, 'k1');
    await started;
    const early = await open(adminElsewhere, 'k1');
    expect(early).toMatchObject({ status: 409, body: { code: 'IDEMPOTENCY_KEY_IN_USE' } });
    expect(early.headers.get('retry-after')).toBe('1');
    finish();
    expect((await first).status).toBe(201);
    expect((await open(adminElsewhere, 'k1')).status).toBe(201);
    expect(environment.done).toHaveLength(1);
  });

  it('sent twenty times at once to two instances has one effect and one answer', async () => {
    for (let round = 0; round < 10; round++) {
      const key = `round-${round}`;
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, index) => open(index % 2 ? admin : adminElsewhere, key)),
      );
      const good = answers.filter(({ status }) => status === 201);
      const late = answers.filter(({ status }) => status === 409);
      expect(good.length).toBeGreaterThan(0);
      expect(good.length + late.length).toBe(20);
      expect(new Set(good.map(({ body }: Answer) => body.order_id)).size).toBe(1);
      expect(environment.done).toHaveLength(round + 1);
    }
  });

  it('is free again when the client left before the answer', async () => {
    const { started, finish } = slowOrder();
    const leaving = new AbortController();
    const lost = fetch(`${one}/api/orders`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${await environment.token({ role: 'admin', sub: 'ravi' })}`,
        'content-type': 'application/json',
        'idempotency-key': 'k1',
      },
      body: JSON.stringify(order),
      signal: leaving.signal,
    });
    await started;
    leaving.abort();
    await expect(lost).rejects.toThrow();
    finish();
    await eventually(async () => (await open(admin, 'k1')).status === 201);
    expect(environment.done).toHaveLength(1);
  });

  it('stays unused when the gateway refuses the request', async () => {
    const ops = await environment.client(one, { role: 'ops', sub: 'ravi' });
    expect((await open(ops, 'k1')).status).toBe(403);
    expect((await open(admin, 'k1', { nonsense: true })).status).toBe(400);
    expect((await open(admin, 'k1')).status).toBe(201);
  });

  it('is required where an admin moves money', async () => {
    const body = examples.RegisterPayment;
    const required = { status: 400, body: { code: 'IDEMPOTENCY_KEY_REQUIRED' } };
    expect(await admin.post('/conversions', conversion)).toMatchObject(required);
    expect(await admin.post('/conversions', [conversion])).toMatchObject(required);
    expect(await admin.post('/conversions/shop-7/reverse', reversal)).toMatchObject(required);
    expect(await admin.post('/admin/payments', body)).toMatchObject(required);
    expect(await admin.post(`/admin/payments/unmatched/${newId()}/assign`, examples.AssignPayment)).toMatchObject(
      required,
    );
    expect((await admin.post('/admin/payments', body, { 'idempotency-key': 'k' })).status).toBe(201);
    expect(environment.done).toHaveLength(1);
  });

  it.each([
    ['recording a conversion', '/conversions', conversion, { ...conversion, payout_minor: 1 }],
    [
      'recording several conversions',
      '/conversions',
      [conversion],
      [conversion, { ...conversion, conversion_id: 'shop-8' }],
    ],
    ['reversing a conversion', '/conversions/shop-7/reverse', reversal, { reason: 'fraud' }],
  ])('works where an admin moves money by %s', async (_, path, body, other) => {
    const key = { 'idempotency-key': 'k1' };
    const first = await admin.post(path, body, key);
    expect(first.status).toBe(200);
    expect(await adminElsewhere.post(path, body, key)).toMatchObject({ status: 200, body: first.body });
    expect(await admin.post(path, other, key)).toMatchObject({ status: 422, body: { code: 'IDEMPOTENCY_KEY_REUSED' } });
    expect(environment.done).toHaveLength(1);
  });

  it('of conversions refuses a repeat while the first is running', async () => {
    const { promise: started, resolve: start } = Promise.withResolvers<void>();
    const { promise: finished, resolve: finish } = Promise.withResolvers<void>();
    environment.on(recordConversions, async () => {
      start();
      await finished;
      return examples.ConversionOutcomes as never;
    });
    const record = (client: ApiClient) => client.post('/conversions', conversion, { 'idempotency-key': 'k1' });
    const first = record(admin);
    await started;
    expect(await record(adminElsewhere)).toMatchObject({ status: 409, body: { code: 'IDEMPOTENCY_KEY_IN_USE' } });
    finish();
    expect((await first).status).toBe(200);
    expect((await record(adminElsewhere)).status).toBe(200);
    expect(environment.done).toHaveLength(1);
  });

  it.each([
    ['empty', ''],
    ['of 256 characters', 'k'.repeat(256)],
    ['with a space', 'a b'],
    ['with letters beyond ASCII', 'clé'],
  ])('%s is invalid', async (_, key) => {
    expect(await open(admin, key)).toMatchObject({ status: 400, body: { code: 'IDEMPOTENCY_KEY_INVALID' } });
    expect(environment.done).toEqual([]);
  });

  it('may have 255 characters', async () => {
    expect((await open(admin, '~'.repeat(255))).status).toBe(201);
  });

  it('left out makes each request its own', async () => {
    await Promise.all([admin.post('/orders', order), admin.post('/orders', order)]);
    expect(new Set(environment.done.map(({ id }) => id)).size).toBe(2);
  });
});
