import { describe, expect, it } from '@jest/globals';
import { isTimeZone, localDay, SystemClock } from './clock.js';

describe('the system clock', () => {
  it('says what time it is, in whole microseconds and never ahead', () => {
    const before = Temporal.Now.instant().epochNanoseconds;
    const { epochNanoseconds: now } = new SystemClock().now();
    expect(now % 1_000n).toBe(0n);
    expect(now).toBeGreaterThan(before - 1_000n);
    expect(now).toBeLessThanOrEqual(Temporal.Now.instant().epochNanoseconds);
  });
});

describe('a local day', () => {
  it.each([
    ['2026-03-31T22:30:00Z', 'Europe/Berlin', '2026-04-01'],
    ['2026-03-31T22:30:00Z', 'America/Los_Angeles', '2026-03-31'],
    ['2026-12-31T10:00:00Z', 'Pacific/Kiritimati', '2027-01-01'],
    ['2026-01-01T10:59:59Z', 'Pacific/Niue', '2025-12-31'],
  ])('at %s in %s is %s', (instant, zone, day) => {
    expect(localDay(Temporal.Instant.from(instant), zone).toString()).toBe(day);
  });
});

describe('a time zone', () => {
  it.each(['UTC', 'Europe/Berlin', 'Asia/Calcutta', 'America/Argentina/Buenos_Aires', 'Etc/GMT+5'])(
    'may be called %s',
    (name) => {
      expect(isTimeZone(name)).toBe(true);
    },
  );

  it.each(['IST', 'EST5EDT', '+05:30', 'Mars/Phobos', '', 'Europe/', '../etc/passwd'])(
    'may not be called %p',
    (name) => {
      expect(isTimeZone(name)).toBe(false);
    },
  );

  it.each(['SystemV/EST5', 'US/Pacific-New'])('may not be called %s, which only Intl accepts', (name) => {
    expect(isTimeZone(name)).toBe(false);
  });
});
