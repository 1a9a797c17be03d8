import { describe, expect, it } from '@jest/globals';
import { AMOUNT_MINOR_MAX, formatMoney, isCurrency, isPayableAmount } from './money.js';

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
    ['ZZZ', false],
    ['', false],
  ])('%p is a currency: %p', (code, isOne) => {
    expect(isCurrency(code)).toBe(isOne);
  });
});
