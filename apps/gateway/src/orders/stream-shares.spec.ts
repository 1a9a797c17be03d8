import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ServiceUnavailable } from '#messaging/faults.js';
import { StreamShares } from './stream-shares.js';

/** Shares with the streams that are open: who has them, in the order of opening. */
function sharesOf(limits: { max: number; perCallerMax?: number; perAddressMax?: number }) {
  const shares = new StreamShares({ perCallerMax: limits.max, perAddressMax: limits.max, ...limits });
  const open: { caller: string; address: string; free: () => void }[] = [];
  const take = (caller: string, address = `of ${caller}`) => {
    const stream = {
      caller,
      address,
      free: () => {},
      end: () => {
        open.splice(open.indexOf(stream), 1);
      },
    };
    stream.free = shares.take(stream);
    open.push(stream);
  };
  const countOf = (caller: string) => open.filter((one) => one.caller === caller).length;
  return { take, open, countOf };
}

describe('the places for streams', () => {
  it('are bounded per caller and per address', () => {
    const { take, open } = sharesOf({ max: 100, perCallerMax: 2, perAddressMax: 3 });
    take('asha', 'school');
    take('asha', 'home');
    expect(() => take('asha', 'café')).toThrow(expect.objectContaining({ code: 'TOO_MANY_STREAMS' }));
    take('ravi', 'school');
    take('meera', 'school');
    expect(() => take('olga', 'school')).toThrow(expect.objectContaining({ code: 'TOO_MANY_STREAMS' }));
    take('olga', 'home');
    open[0]?.free();
    take('olga', 'school');
  });

  it('that fifty accounts have taken are shared with everybody who comes after them', () => {
    const { take, open, countOf } = sharesOf({ max: 1_000, perCallerMax: 20 });
    for (let index = 0; index < 1_000; index++) take(`greedy ${index % 50}`);
    for (let index = 0; index < 500; index++) take(`honest ${index}`);
    expect(open).toHaveLength(1_000);
    for (let index = 0; index < 500; index++) expect(countOf(`honest ${index}`)).toBe(1);
    // The greedy ones gave way evenly, and get nothing back.
    expect(new Set(Array.from({ length: 50 }, (_, index) => countOf(`greedy ${index}`)))).toEqual(new Set([10]));
    expect(() => take('greedy 0')).toThrow(ServiceUnavailable);
    expect(countOf('honest 0')).toBe(1);
  });

  it('that many accounts of one address have taken are shared with other addresses', () => {
    const { take, countOf } = sharesOf({ max: 100 });
    for (let index = 0; index < 100; index++) take(`robot ${index}`, 'one machine');
    for (let index = 0; index < 50; index++) take(`honest ${index}`, `home ${index}`);
    for (let index = 0; index < 50; index++) expect(countOf(`honest ${index}`)).toBe(1);
  });

  it('are refused when everybody has an equal share', () => {
    const { take } = sharesOf({ max: 3 });
    for (const name of ['a', 'b', 'c']) take(name);
    expect(() => take('d')).toThrow(ServiceUnavailable);
  });

  it('never end the stream of a caller who has no more than the newcomer', () => {
    const caller = fc.integer({ min: 0, max: 6 }).map((number) => `caller ${number}`);
    const address = fc.integer({ min: 0, max: 3 }).map((number) => `address ${number}`);
    fc.assert(
      fc.property(fc.array(fc.tuple(caller, address), { maxLength: 80 }), (arrivals) => {
        const { take, open } = sharesOf({ max: 12, perCallerMax: 8, perAddressMax: 10 });
        const countsBy = (key: 'caller' | 'address') => Map.groupBy(open, (one) => one[key]);
        for (const [who, where] of arrivals) {
          const before = [...open];
          const callers = new Map([...countsBy('caller')].map(([name, streams]) => [name, streams.length]));
          const addresses = new Map([...countsBy('address')].map(([name, streams]) => [name, streams.length]));
          try {
            take(who, where);
          } catch {
            expect(open).toEqual(before);
            continue;
          }
          const ended = before.filter((one) => !open.includes(one));
          expect(ended.length).toBe(before.length === 12 ? 1 : 0);
          for (const one of ended) {
            const isGreedy =
              (callers.get(one.caller) ?? 0) > (callers.get(who) ?? 0) + 1 ||
              (addresses.get(one.address) ?? 0) > (addresses.get(where) ?? 0) + 1;
            expect(isGreedy).toBe(true);
            expect(callers.get(one.caller)).toBeGreaterThan(callers.get(who) ?? 0);
          }
          expect(open.length).toBeLessThanOrEqual(12);
          expect(Math.max(...[...countsBy('caller').values()].map(({ length }) => length))).toBeLessThanOrEqual(8);
          expect(Math.max(...[...countsBy('address').values()].map(({ length }) => length))).toBeLessThanOrEqual(10);
        }
      }),
    );
  });
});
