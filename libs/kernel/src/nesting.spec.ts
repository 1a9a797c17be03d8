import { describe, expect, it } from '@jest/globals';
import { isDeeperThan } from './nesting.js';

const nested = (levels: number): unknown => (levels === 0 ? 1 : { inner: nested(levels - 1) });

describe('a body', () => {
  it('of just so many levels is not too deep, of one more it is', () => {
    expect(isDeeperThan(5, nested(5))).toBe(false);
    expect(isDeeperThan(5, nested(6))).toBe(true);
  });

  it.each([[undefined], [null], [7], ['text'], [{}], [[]]])('%j has no depth to speak of', (body) => {
    expect(isDeeperThan(0, body)).toBe(false);
  });

  it('is looked at in all its branches', () => {
    expect(isDeeperThan(3, { shallow: 1, wide: Array(1_000).fill(2), deep: [[[[1]]]] })).toBe(true);
    expect(isDeeperThan(3, Array(1_000).fill([[1]]))).toBe(false);
  });
});
