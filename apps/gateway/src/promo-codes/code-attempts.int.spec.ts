import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { validateCodes } from '#contracts/promotions/promo-redemptions.js';
import { openDiscountedOrder } from '#contracts/subscriptions/orders.js';
import { newId } from '#kernel/ids.js';
import { Refusal } from '#kernel/refusal.js';
import { GatewayEnvironment } from '../../../../test/support/services/gateway-environment.js';
import { ApiClient } from '../../../../test/support/stack/api-client.js';
import { examples } from '../documents/examples.js';

const offer = '0198c0de-7a11-7c3e-8f00-3b5d1f6a00ff';
const sentence = 'This code cannot be used here.';

let environment: GatewayEnvironment;
let one: string;
let other: string;
/** How many codes the service was asked for. */
let tried: number;

beforeAll(async () => {
  environment = await GatewayEnvironment.create();
  const limits = {
    CODE_ATTEMPTS_PERSON_MAX: '5',
    CODE_ATTEMPTS_ADDRESS_MAX: '8',
    CODE_ATTEMPTS_PREFIX_MAX: '10',
    TRUST_PROXY: 'true',
  };
  [one, other] = await Promise.all([environment.gateway(limits), environment.gateway(limits)]);
});
beforeEach(async () => {
  await environment.reset();
  tried = 0;
  environment.on(validateCodes, ({ codes }) => {
    tried += codes.length;
    if (codes.every((code) => code.startsWith('good'))) return examples.PromoCodesVerdict as never;
    const refusal = { code: 'PROMO_CODE_NOT_USABLE' as const, message: sentence, details: {} };
    return { usable: false, benefits: [], benefit_minor: null, refusal };
  });
  environment.on(openDiscountedOrder, () => {
    tried += 1;
    throw new Refusal('PROMO_CODE_NOT_USABLE', sentence);
  });
});
afterAll(() => environment.close());

/** Somebody, somewhere, who tries codes. */
class Guesser {
  constructor(
    private readonly person: string,
    private readonly token: string,
    private readonly address: string,
  ) {}

  static async at(address: string, person = newId()): Promise<Guesser> {
    return new Guesser(person, await environment.token({ role: 'member', sub: person }), address);
  }

  validate(codes: string[], url = one) {
    const body = { person_id: this.person, promo_codes: codes, offer_id: offer };
    return this.post(url, '/promo-codes/validate', body);
  }

  order(code: string, url = one) {
    return this.post(url, '/orders', { person_id: this.person, class_id: offer, promo_code: code });
  }

  private post(url: string, path: string, body: object) {
    return new ApiClient(url, this.token).post(path, body, { 'x-forwarded-for': this.address });
  }
}

async function statuses(answers: Promise<{ status: number }>[]): Promise<number[]> {
  return (await Promise.all(answers)).map(({ status }) => status).sort();
}

describe('who tries codes that do not work', () => {
  it('is refused for a while, at any instance and on any route', async () => {
    const guesser = await Guesser.at('203.0.113.1');
    for (const index of [0, 1]) expect((await guesser.validate([`AAA${index}-1`])).status).toBe(200);
    for (const index of [2, 3, 4]) expect((await guesser.order(`AAA${index}-1`, other)).status).toBe(422);
    const late = await guesser.validate(['AAA5-1']);
    expect(late).toMatchObject({ status: 429, body: { code: 'TOO_MANY_CODE_ATTEMPTS' } });
    expect(Number(late.headers.get('retry-after'))).toBeGreaterThan(500);
    expect(Number(late.headers.get('retry-after'))).toBeLessThanOrEqual(600);
    // A code that would work is not asked for either: nobody learns it this way.
    expect((await guesser.validate(['good-1'])).status).toBe(429);
    expect((await guesser.order('AAA6-1', other)).status).toBe(429);
    expect(tried).toBe(5);
  });

  it('is not let through by trying many at once', async () => {
    const guesser = await Guesser.at('203.0.113.1');
    const seen = await statuses(
      Array.from({ length: 40 }, (_, index) => guesser.validate([`A${index}BC`], index % 2 ? one : other)),
    );
    expect(seen.filter((status) => status === 200)).toHaveLength(5);
    expect(tried).toBe(5);
  });

  it('tries as many codes as are in a request', async () => {
    const guesser = await Guesser.at('203.0.113.1');
    expect((await guesser.validate(['A111', 'B111', 'C111', 'D111', 'E111'])).status).toBe(200);
    expect((await guesser.validate(['F111'])).status).toBe(429);
  });

  it('is counted by address, under any name', async () => {
    for (let index = 0; index < 8; index++) {
      expect((await (await Guesser.at('203.0.113.9')).validate([`A${index}BC`])).status).toBe(200);
    }
    expect((await (await Guesser.at('203.0.113.9')).validate(['AXBC'])).status).toBe(429);
    expect((await (await Guesser.at('203.0.113.10')).validate(['AXBC'])).status).toBe(200);
  });

  it('is counted by the prefix of the codes, from any address and in any case', async () => {
    for (let index = 0; index < 10; index++) {
      const written = index % 2 ? `spri${index}` : ` ＳＰＲＩ${index}`;
      expect((await (await Guesser.at(`203.0.113.${index}`)).validate([written])).status).toBe(200);
    }
    expect((await (await Guesser.at('203.0.113.77')).validate(['Spring-2026'])).status).toBe(429);
    expect((await (await Guesser.at('203.0.113.77')).validate(['Summer-2026'])).status).toBe(200);
  });
});

describe('who is turned away', () => {
  it('takes nothing from others who try codes that begin alike, or from the same address', async () => {
    const guesser = await Guesser.at('203.0.113.1');
    const seen = await statuses(Array.from({ length: 30 }, (_, index) => guesser.validate([`SPRI${index}`])));
    expect(seen.filter((status) => status === 429)).toHaveLength(25);
    expect((await (await Guesser.at('203.0.113.2')).validate(['SPRI-good'])).status).toBe(200);
    expect((await (await Guesser.at('203.0.113.1')).validate(['AXBC'])).status).toBe(200);
  });
});

describe('who uses codes that work', () => {
  it('is never counted', async () => {
    const buyer = await Guesser.at('203.0.113.1');
    for (let index = 0; index < 25; index++) expect((await buyer.validate(['good-1'])).status).toBe(200);
    expect((await buyer.validate(['bad-1'])).status).toBe(200);
  });

  it('is not counted for what went wrong elsewhere', async () => {
    const buyer = await Guesser.at('203.0.113.1');
    environment.on(validateCodes, () => {
      throw new Refusal('PROMO_CODE_OUTSIDE_HOURS', 'Later.');
    });
    for (let index = 0; index < 12; index++) expect((await buyer.validate(['good-1'])).status).toBe(422);
  });
});
