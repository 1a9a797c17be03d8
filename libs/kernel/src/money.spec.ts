import { describe, expect, it } from '@jest/globals';
import { iso4217 } from './iso-4217.js';
import {
  AMOUNT_MINOR_MAX,
  formatMoney,
  isCurrency,
  isPayableAmount,
  minorDigits,
  payableStepMinor,
  toPayable,
} from './money.js';

describe('money', () => {
  it.each([
    [123_456, 'EUR', '1234.56 EUR'],
    [5, 'EUR', '0.05 EUR'],
    [-5, 'EUR', '-0.05 EUR'],
    [0, 'EUR', '0.00 EUR'],
    [1_500, 'JPY', '1500 JPY'],
    [1_500, 'KWD', '1.500 KWD'],
    [490_000, 'HUF', '4900.00 HUF'],
    [4_900, 'IDR', '49.00 IDR'],
    [4_900, 'IQD', '4.900 IQD'],
    [4_900, 'ISK', '4900 ISK'],
    [4_900, 'MGA', '49.00 MGA'],
    [4_900, 'CLF', '0.4900 CLF'],
    [AMOUNT_MINOR_MAX, 'INR', '10000000000.00 INR'],
  ])('%d minor units of %s read %s%s', (amountMinor, currency, spelled) => {
    expect(formatMoney({ amountMinor, currency })).toBe(spelled);
  });

  it('cannot spell half a cent', () => {
    expect(() => formatMoney({ amountMinor: 0.5, currency: 'EUR' })).toThrow('whole number');
  });

  it.each([0, -1, 0.5, Number.NaN, AMOUNT_MINOR_MAX + 1, '5', null, undefined])('%p pays nothing', (amount) => {
    expect(isPayableAmount(amount)).toBe(false);
  });

  it.each([1, AMOUNT_MINOR_MAX])('%d can be paid', (amount) => {
    expect(isPayableAmount(amount)).toBe(true);
  });

  it.each([
    ['EUR', true],
    ['INR', true],
    ['eur', false],
    ['CHE', true],
    ['VED', true],
    ['XAD', true],
    ['ZWG', true],
    ['HRK', false],
    ['BGN', false],
    ['ANG', false],
    ['XAU', false],
    ['XXX', false],
    ['ZZZ', false],
    ['', false],
  ])('%p is a currency: %p', (code, isOne) => {
    expect(isCurrency(code)).toBe(isOne);
  });

  it('knows the 165 active currencies that have a minor unit, each once', () => {
    expect(iso4217.size).toBe(165);
    for (const [code, digits] of iso4217)
      expect([/^[A-Z]{3}$/.test(code), [0, 2, 3, 4].includes(digits)]).toEqual([true, true]);
    expect(['JPY', 'EUR', 'KWD', 'CLF'].map(minorDigits)).toEqual([0, 2, 3, 4]);
  });

  it.each([
    ['EUR', 4_999, 4_999],
    ['CHF', 4_496, 4_495],
    ['CHF', 4_498, 4_500],
    ['KWD', 5_245, 5_240],
    ['KWD', 5_249, 5_250],
    ['IQD', 1_400, 1_000],
    ['DKK', 1_025, 1_000],
    ['SEK', 4, 0],
    ['INR', AMOUNT_MINOR_MAX, AMOUNT_MINOR_MAX],
  ])('in %s %d is payable as %d', (currency, amountMinor, payable) => {
    expect(toPayable({ amountMinor, currency })).toBe(payable);
    expect(payable % payableStepMinor(currency)).toBe(0);
  });
});
