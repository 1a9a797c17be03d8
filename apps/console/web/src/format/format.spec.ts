import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { formatDuration } from './durations.ts';
import { formatDay, formatForReader, formatInstant, ownZone, sameZone } from './instants.ts';
import { currencyDigits, formatMoney, parseMoney } from './money.ts';
import { allZones, matchingZones } from './zones.ts';

const plain = (text: string | undefined) => text?.replaceAll(/\s/g, ' ');

describe('money', () => {
  it('has the digits of its currency', () => {
    expect(plain(formatMoney(120000, 'INR', 'en-GB'))).toBe('₹1,200.00');
    expect(plain(formatMoney(1200, 'JPY', 'en-GB'))).toBe('¥1,200');
    expect(plain(formatMoney(1234, 'KWD', 'en-GB'))).toBe('KWD 1.234');
    expect(plain(formatMoney(-4900, 'EUR', 'de-DE', { signed: true }))).toBe('-49,00 €');
    expect(plain(formatMoney(4900, 'EUR', 'de-DE', { signed: true }))).toBe('+49,00 €');
  });

  it('is read as it is written, in both notations', () => {
    expect(parseMoney('1.200,50', 'EUR', 'de-DE')).toBe(120050);
    expect(parseMoney('1,200.50', 'EUR', 'en-GB')).toBe(120050);
    expect(parseMoney(' 12 ', 'EUR', 'en-GB')).toBe(1200);
    for (const locale of ['en-GB', 'de-DE']) {
      expect(parseMoney('12,5', 'EUR', locale)).toBe(1250);
      expect(parseMoney('12.5', 'EUR', locale)).toBe(1250);
      expect(parseMoney('12.5', 'JPY', locale)).toBeUndefined();
    }
    expect(parseMoney('12.345', 'EUR', 'de-DE')).toBe(1234500);
    expect(parseMoney('1.234', 'KWD', 'en-GB')).toBe(1234);
    for (const wrong of ['', 'twelve', '12.345', '1.2.3', '--1']) {
      expect([wrong, parseMoney(wrong, 'EUR', 'en-GB')]).toEqual([wrong, undefined]);
    }
  });

  it('is read back from every notation that people see', () => {
    const currencies = fc.constantFrom('EUR', 'JPY', 'KWD', 'INR');
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1e12 }),
        currencies,
        fc.constantFrom('en-GB', 'de-DE'),
        (minor, currency, locale) => {
          const digits = currencyDigits(currency);
          const text = new Intl.NumberFormat(locale, { minimumFractionDigits: digits }).format(minor / 10 ** digits);
          expect(parseMoney(text, currency, locale)).toBe(minor);
        },
      ),
    );
  });
});

describe('an instant', () => {
  it('is written in its zone', () => {
    expect(formatInstant('2026-11-30T00:30:00Z', 'Asia/Kolkata', 'en-GB')).toBe('30 Nov 2026, 06:00');
    expect(formatInstant('2026-11-30T00:30:00Z', 'Asia/Kolkata', 'de-DE')).toBe('30. Nov. 2026, 06:00');
    expect(formatDay('2026-04-01', 'en-GB')).toBe('1 Apr 2026');
  });

  it('is repeated for a reader of another zone only', () => {
    expect(formatForReader('2026-11-30T00:30:00Z', ownZone(), 'en-GB')).toBeUndefined();
    const far = sameZone(ownZone(), 'Pacific/Kiritimati') ? 'Pacific/Pago_Pago' : 'Pacific/Kiritimati';
    expect(formatForReader('2026-11-30T12:30:00Z', far, 'en-GB')).toMatch(/30/);
  });

  it('knows one zone under both its names', () => {
    expect(sameZone('Asia/Calcutta', 'Asia/Kolkata')).toBe(true);
    expect(sameZone('Asia/Tokyo', 'Asia/Kolkata')).toBe(false);
    expect(allZones()).toEqual(expect.arrayContaining(['UTC', 'Asia/Kolkata', 'Europe/Berlin']));
    expect(matchingZones('kolk', 'UTC')).toEqual(['Asia/Kolkata']);
    expect(matchingZones('', 'Asia/Kolkata')[0]).toBe('Asia/Kolkata');
    expect(matchingZones('', 'UTC').length).toBe(50);
  });
});

it('a duration has seconds only near its end', () => {
  const minute = 60_000;
  expect(formatDuration(2 * 1440 * minute + 4 * 60 * minute, 'en-GB')).toBe('2 days 4 hrs');
  expect(formatDuration(125 * minute, 'en-GB')).toBe('2 hrs 5 mins');
  expect(formatDuration(4 * minute + 30_000, 'en-GB')).toBe('4 mins');
  expect(formatDuration(80_000, 'en-GB')).toBe('1 min 20 secs');
  expect(formatDuration(80_000, 'en-GB', { seconds: false })).toBe('1 min');
  expect(formatDuration(-5, 'en-GB')).toBe('0 secs');
});
