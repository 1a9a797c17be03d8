import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Refusal } from '#kernel/refusal.js';
import { Overloaded } from '#persistence/micro-batcher.js';
import { BrokerUnavailable, backoffMs, faultOf, ServiceUnavailable, TransientFault } from './faults.js';

const coded = (code: string) => Object.assign(new Error('failed'), { code });

describe('a failed handler', () => {
  it.each([
    ['the broker is unavailable', new BrokerUnavailable('gone'), 'unavailable'],
    ['another service is unavailable', new ServiceUnavailable('payments', 'down'), 'unavailable'],
    ['Postgres refuses connections', coded('ECONNREFUSED'), 'unavailable'],
    ['Postgres is starting up', coded('57P03'), 'unavailable'],
    [
      'Redis is unavailable',
      new Error("Stream isn't writeable and enableOfflineQueue options is false"),
      'unavailable',
    ],
    ['a deadlock', coded('40P01'), 'transient'],
    ['a lock timeout', coded('55P03'), 'transient'],
    ['too many wait', new Overloaded('10000'), 'transient'],
    ['the use case says so', new TransientFault('later'), 'transient'],
    ['a unique violation', coded('23505'), 'bug'],
    ['a refusal', new Refusal('NO', 'no'), 'bug'],
    ['a bug', new TypeError('undefined is not a function'), 'bug'],
    ['no error at all', 'a string', 'bug'],
  ])('because of %s', (_, error, fault) => {
    expect(faultOf(error)).toBe(fault);
  });
});

describe('a pause', () => {
  it('grows, with jitter, and is bounded', () => {
    fc.assert(
      fc.property(fc.nat({ max: 10_000 }), (attempt) => {
        const ms = backoffMs(attempt, { firstMs: 100, mostMs: 5_000 });
        const ceiling = Math.min(5_000, 100 * 2 ** attempt);
        expect(ms).toBeGreaterThanOrEqual(ceiling / 2);
        expect(ms).toBeLessThanOrEqual(ceiling);
      }),
    );
  });
});
