import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { basisPoints, minorUnits } from './decimal.js';

describe('an amount in major units', () => {
  it.each([
    [12.5, 'EUR', 1_250],
    ['12.50', 'EUR', 1_250],
    [1_250, 'JPY', 1_250],
    ['1.234', 'KWD', 1_234],
    [49.5, 'HUF', 4_950],
    ['1.234', 'IQD', 1_234],
    [0.1 + 0.2, 'EUR', 30],
    ['0.005', 'EUR', 1],
    ['0.0049', 'EUR', 0],
    [1e-7, 'EUR', 0],
    ['1E+3', 'EUR', 100_000],
    ['.5', 'EUR', 50],
    ['-3', 'EUR', -300],
    ['+3', 'EUR', 300],
    ['', 'EUR', null],
    ['.', 'EUR', null],
    ['12,50', 'EUR', null],
    ['twelve', 'EUR', null],
    [Number.NaN, 'EUR', null],
    ['1e999', 'EUR', null],
    ['10000000000.01', 'EUR', null],
  ])('%p of %s is %p minor units', (value, currency, expected) => {
    expect(minorUnits(value, currency)).toBe(expected);
  });

  it('converts back from any number of minor units', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000_000_000 }), (minor) => {
        expect(minorUnits(minor / 100, 'EUR')).toBe(minor);
      }),
    );
  });
});

it('a percentage becomes hundredths of a percent', () => {
  expect([basisPoints(12.5), basisPoints('0.01'), basisPoints(100)]).toEqual([1_250, 1, 10_000]);
});
