import { describe, expect, it } from '@jest/globals';
import { BrokenInvariant } from './assert.js';
import { zip } from './zip.js';

describe('zip', () => {
  it('pairs two lists by position', () => {
    expect(zip(['a', 'b'], [1, 2])).toEqual([
      ['a', 1],
      ['b', 2],
    ]);
    expect(zip([], [])).toEqual([]);
  });

  it.each([
    [['a'], []],
    [['a'], [1, 2]],
  ])('refuses lists of different length: %j, %j', (left, right) => {
    expect(() => zip(left, right)).toThrow(BrokenInvariant);
  });
});
