import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { applyCode, listHeldCodes } from '#contracts/promotions/promo-applications.js';
import { newId } from '#kernel/ids.js';
import { Refusal } from '#kernel/refusal.js';
import { GatewayEnvironment } from '../../../../test/support/services/gateway-environment.js';
import { examples } from '../documents/examples.js';

let environment: GatewayEnvironment;
let url: string;

beforeAll(async () => {
  environment = await GatewayEnvironment.create();
  url = await environment.gateway({ CODE_ATTEMPTS_PERSON_MAX: '3' });
});
afterAll(() => environment.close());
beforeEach(() => environment.reset());

const asMember = async () => {
  const sub = newId();
  return { personId: sub, member: await environment.client(url, { role: 'member', sub }) };
};

describe('taking a bonus code', () => {
  it('is a member’s for themselves and an admin’s for anybody, who sees all', async () => {
    environment.on(applyCode, () => examples.HeldPromoCode as never);
    const { personId, member } = await asMember();
    const admin = await environment.client(url, { role: 'admin' });
    const body = { person_id: personId, promo_code: 'readers-5' };
    expect((await member.post('/promo-codes/apply', body)).body).toEqual(examples.HeldPromoCode);
    await admin.post('/promo-codes/apply', body);
    expect(environment.done.map(({ data }) => data)).toEqual([
      { ...body, visible_to: personId },
      { ...body, visible_to: null },
    ]);
    const other = await member.post('/promo-codes/apply', { ...body, person_id: newId() });
    expect([other.status, other.body.code]).toEqual([404, 'PERSON_NOT_FOUND']);
  });

  it('with the same Idempotency-Key happens once', async () => {
    environment.on(applyCode, () => examples.HeldPromoCode as never);
    const { personId, member } = await asMember();
    const send = (promo_code: string) =>
      member.post('/promo-codes/apply', { person_id: personId, promo_code }, { 'idempotency-key': 'k' });
    expect((await send('a')).body).toEqual((await send('a')).body);
    expect(environment.done).toHaveLength(1);
    expect((await send('b')).body.code).toBe('IDEMPOTENCY_KEY_REUSED');
  });

  it('cannot be guessed at: after so many that do not work nothing is asked any more', async () => {
    environment.on(applyCode, () => {
      throw new Refusal('PROMO_CODE_NOT_USABLE', 'This promo code cannot be used here.');
    });
    const { personId, member } = await asMember();
    const answers = [];
    for (const code of ['a', 'b', 'c', 'd']) {
      answers.push(await member.post('/promo-codes/apply', { person_id: personId, promo_code: code }));
    }
    expect(answers.map(({ body }) => body.code)).toEqual([
      'PROMO_CODE_NOT_USABLE',
      'PROMO_CODE_NOT_USABLE',
      'PROMO_CODE_NOT_USABLE',
      'TOO_MANY_CODE_ATTEMPTS',
    ]);
    expect(answers[3]?.status).toBe(429);
    expect(environment.done).toHaveLength(3);
  });
});

it('the codes of a person are theirs to see, in pages', async () => {
  environment.on(listHeldCodes, ({ page, limit }) => ({
    items: [examples.HeldPromoCode as never],
    total: 1,
    page,
    limit,
    next_cursor: null,
  }));
  const { personId, member } = await asMember();
  const answer = await member.get(`/persons/${personId}/promo-codes?page=2&limit=10`);
  expect([answer.status, answer.body]).toEqual([
    200,
    { items: [examples.HeldPromoCode], total: 1, page: 2, limit: 10, next_cursor: null },
  ]);
  expect((await member.get(`/persons/${newId()}/promo-codes`)).status).toBe(404);
});
