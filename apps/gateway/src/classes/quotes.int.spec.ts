import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { quoteClass, quoteDiscountedClass } from '#contracts/subscriptions/classes.js';
import { newId } from '#kernel/ids.js';
import { GatewayEnvironment } from '../../../../test/support/services/gateway-environment.js';
import { examples } from '../documents/examples.js';

const classId = newId();
const personId = newId();

let environment: GatewayEnvironment;
let url: string;
let quoted: Record<string, unknown>[];
let refusal: string | null;

beforeAll(async () => {
  environment = await GatewayEnvironment.create();
  url = await environment.gateway({ CODE_ATTEMPTS_PERSON_MAX: '3' });
});
beforeEach(async () => {
  await environment.reset();
  quoted = [];
  refusal = null;
  environment.on(quoteClass, (request) => {
    quoted.push(request);
    return examples.Quote as never;
  });
  environment.on(quoteDiscountedClass, (request) => {
    quoted.push(request);
    const unusable = { usable: false, benefits: [], benefit_minor: null };
    const verdict = refusal
      ? { ...unusable, refusal: { code: refusal, message: '', details: {} } }
      : examples.PromoCodesVerdict;
    return { ...examples.Quote, promo_codes: verdict } as never;
  });
});
afterAll(() => environment.close());

async function quote(role: string, body: object | undefined, sub = personId) {
  const client = await environment.client(url, { role, sub });
  return client.post(`/classes/${classId}/quote`, body);
}

describe('a quote', () => {
  it('needs no body, and no promotions without a code', async () => {
    expect(await quote('ops', undefined)).toMatchObject({ status: 200, body: { promo_codes: null } });
    expect((await quote('publisher', {})).status).toBe(200);
    expect((await quote('member', { person_id: personId })).status).toBe(200);
    expect((await quote('ops', { person_id: personId, chosen_amount_minor: 5 })).status).toBe(200);
    expect(quoted).toEqual([
      { class_id: classId },
      { class_id: classId },
      { class_id: classId, person_id: personId },
      { class_id: classId, chosen_amount_minor: 5 },
    ]);
  });

  it('has a verdict on promo codes, for the person or for an admin', async () => {
    const body = { person_id: personId, promo_code: 'spring' };
    expect(await quote('member', body)).toMatchObject({ status: 200, body: { promo_codes: { usable: true } } });
    expect((await quote('admin', { person_id: personId, promo_codes: ['a', 'b'] }, 'ravi')).status).toBe(200);
    expect(quoted).toEqual([
      { class_id: classId, person_id: personId, promo_codes: ['spring'], visible_to: personId },
      { class_id: classId, person_id: personId, promo_codes: ['a', 'b'], visible_to: null },
    ]);
  });

  it.each([
    ['member', newId()],
    ['publisher', 'pat'],
    ['ops', 'olga'],
  ])('with promo codes of another person is not there for the role %s', async (role, sub) => {
    const answer = await quote(role, { person_id: personId, promo_code: 'spring' }, sub);
    expect(answer).toMatchObject({ status: 404, body: { code: 'PERSON_NOT_FOUND' } });
    expect(quoted).toEqual([]);
  });

  it.each([
    ['codes of nobody', { promo_code: 'a' }, '/person_id'],
    ['one code and several', { person_id: personId, promo_code: 'a', promo_codes: ['b'] }, '/promo_codes'],
    ['no code', { person_id: personId, promo_codes: [] }, '/promo_codes'],
    ['unknown members', { amount_minor: 1 }, '/amount_minor'],
  ])('with %s is refused', async (_, body, field) => {
    expect(await quote('member', body)).toMatchObject({ status: 400, body: { code: 'INVALID_INPUT', field } });
    expect(quoted).toEqual([]);
  });

  it('counts a code that does not work as a failed guess', async () => {
    refusal = 'PROMO_CODE_NOT_USABLE';
    const guess = () => quote('member', { person_id: personId, promo_code: `guess-${newId()}` });
    for (let turn = 0; turn < 3; turn += 1) expect((await guess()).status).toBe(200);
    expect(await guess()).toMatchObject({ status: 429, body: { code: 'TOO_MANY_CODE_ATTEMPTS' } });
    expect((await quote('member', { person_id: personId })).status).toBe(200);
  });
});
