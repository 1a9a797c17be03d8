import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { validateCodes } from '#contracts/promotions/promo-redemptions.js';
import { openDiscountedOrder } from '#contracts/subscriptions/orders.js';
import { newId } from '#kernel/ids.js';
import { Refusal } from '#kernel/refusal.js';
import { testRedisUrl } from '../../../../test/support/servers/test-redis.js';
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
let redis: Redis;

beforeAll(async () => {
  environment = await GatewayEnvironment.create();
  redis = new Redis(testRedisUrl());
  const limits = {
    CODE_ATTEMPTS_PERSON_MAX: '5',
    CODE_ATTEMPTS_ADDRESS_MAX: '8',
    TRUST_PROXY: 'true',
  };
  [one, other] = await Promise.all([environment.gateway(limits), environment.gateway(limits)]);
});
beforeEach(async () => {
  await environment.reset();
  tried = 0;
  environment.on(validateCodes, ({ codes }) => {
    tried += codes.length;
    if (codes.every((code) => code.includes('good'))) return examples.PromoCodesVerdict as never;
    const refusal = { code: 'PROMO_CODE_NOT_USABLE' as const, message: sentence, details: {} };
    return { usable: false, benefits: [], benefit_minor: null, refusal };
  });
  environment.on(openDiscountedOrder, ({ promo_codes }) => {
    tried += 1;
    if (promo_codes[0]?.includes('good')) return examples.Order as never;
    throw new Refusal('PROMO_CODE_NOT_USABLE', sentence);
  });
});
afterAll(async () => {
  redis.disconnect();
  await environment.close();
});

/** Somebody, somewhere, who tries codes. */
class Guesser {
  constructor(
    readonly person: string,
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

/** The duration of a request that is not refused, in milliseconds. */
async function durationOf(request: () => Promise<{ status: number }>): Promise<number> {
  const from = performance.now();
  expect((await request()).status).toBeLessThan(300);
  return performance.now() - from;
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

  it('tries as many codes as are in a request', async () => {
    const guesser = await Guesser.at('203.0.113.1');
    expect((await guesser.validate(['A111', 'B111', 'C111', 'D111', 'E111'])).status).toBe(200);
    expect((await guesser.validate(['F111'])).status).toBe(429);
  });

  it('makes so many guesses in each window, and no more: at once, from many addresses and at all instances', async () => {
    const person = newId();
    const at = (index: number) => Guesser.at(`203.0.113.${index}`, person);
    for (let window = 1; window <= 6; window++) {
      const guessers = await Promise.all(Array.from({ length: 40 }, (_, index) => at(index)));
      const seen = await statuses(
        guessers.map((guesser, index) => guesser.validate([`A${index}BC`], index % 2 ? one : other)),
      );
      expect(seen.filter((status) => status === 200)).toHaveLength(5);
      expect(tried).toBe(5 * window);
      // A window begins with its first miss and lasts ten minutes, so an hour has parts of seven at most.
      const left = await redis.pttl(`gateway:code-misses:person:${person}`);
      expect(left).toBeGreaterThan(590_000);
      expect(left).toBeLessThanOrEqual(600_000);
      await redis.del(`gateway:code-misses:person:${person}`);
    }
  }, 60_000);

  it('waits for the answers of earlier attempts, of which those of a crashed instance end by themselves', async () => {
    const guesser = await Guesser.at('203.0.113.1');
    const running = `gateway:code-attempts:person:${guesser.person}`;
    for (const index of [1, 2, 3, 4, 5]) await redis.zadd(running, Date.now() + 60_000, `lost:${index}`);
    const early = await guesser.validate(['good-1']);
    expect([early.status, early.headers.get('retry-after')]).toEqual([429, '1']);
    await redis.del(running);
    for (const index of [1, 2, 3, 4, 5]) await redis.zadd(running, Date.now() - 1, `lost:${index}`);
    expect((await guesser.validate(['good-1'])).status).toBe(200);
  });
});

describe('who uses codes that work', () => {
  it('is never counted', async () => {
    const buyer = await Guesser.at('203.0.113.1');
    for (let index = 0; index < 25; index++) expect((await buyer.validate(['good-1'])).status).toBe(200);
    expect((await buyer.validate(['bad-1'])).status).toBe(200);
  });

  it('is never counted while other requests of the same person are running', async () => {
    const buyer = await Guesser.at('203.0.113.1');
    const seen = await statuses(
      Array.from({ length: 40 }, (_, index) => buyer.order('good-1', index % 2 ? one : other)),
    );
    expect(new Set(seen)).toEqual(new Set([201]));
  });

  it('is not counted for what went wrong elsewhere', async () => {
    const buyer = await Guesser.at('203.0.113.1');
    environment.on(validateCodes, () => {
      throw new Refusal('PROMO_CODE_OUTSIDE_HOURS', 'Later.');
    });
    for (let index = 0; index < 12; index++) expect((await buyer.validate(['good-1'])).status).toBe(422);
  });

  it('is not refused when many buyers at one address send a code in one moment', async () => {
    const buyers = await Promise.all(Array.from({ length: 300 }, () => Guesser.at('203.0.113.1')));
    const seen = await statuses(buyers.map((buyer, index) => buyer.order('good-1', index % 2 ? one : other)));
    expect(new Set(seen)).toEqual(new Set([201]));
  });

  it('is not refused for the misses of others at the same address, whose answers are only delayed', async () => {
    const guess = async () => (await Guesser.at('203.0.113.9')).validate(['AXBC']);
    for (let index = 0; index < 8; index++) expect(await durationOf(guess)).toBeLessThan(1_000);
    expect(await durationOf(guess)).toBeGreaterThan(1_500);
    const buyer = await Guesser.at('203.0.113.9');
    expect(await durationOf(() => buyer.order('good-1', other))).toBeLessThan(1_000);
    expect(await durationOf(async () => (await Guesser.at('203.0.113.10')).validate(['AXBC']))).toBeLessThan(1_000);
  });

  it('is not refused for the misses of a hundred accounts at codes that begin alike', async () => {
    const guessers = await Promise.all(Array.from({ length: 100 }, (_, index) => Guesser.at(`198.51.100.${index}`)));
    await statuses(
      guessers.flatMap((guesser) => Array.from({ length: 5 }, (_, index) => guesser.validate([`SPRI${index}`]))),
    );
    expect(tried).toBe(500);
    expect((await (await Guesser.at('203.0.113.77')).validate(['spri-good'])).status).toBe(200);
  }, 60_000);
});
