import { expect, it } from '@jest/globals';
import { nextAttemptAt, retryAfterOf } from './retries.js';

const start = Temporal.Instant.from('2026-03-02T09:00:00Z');

/** All attempts of a delivery that always fails, in seconds after the first. */
function attemptsOf(random: number): number[] {
  const seconds = [0];
  for (let now = start, attempts = 1; ; attempts++) {
    const next = nextAttemptAt({ attempts, triedSince: start, retryAfter: null }, now, random);
    if (next === null) return seconds;
    seconds.push(start.until(next).total('seconds'));
    now = next;
  }
}

it('a delivery is tried for three days, with pauses that grow', () => {
  const seconds = attemptsOf(0);
  expect(seconds.slice(0, 5)).toEqual([0, 10, 40, 130, 400]);
  expect(seconds.length).toBe(14);
  const last = seconds.at(-1) as number;
  expect(last).toBeGreaterThan(60 * 3_600);
  expect(last).toBeLessThanOrEqual(72 * 3_600);
});

it('what failed together does not come together', () => {
  expect(attemptsOf(1).slice(0, 3)).toEqual([0, 12, 48]);
});

it('a Retry-After is waited for, within the three days', () => {
  const after = (hours: number, attempts = 1) =>
    nextAttemptAt({ attempts, triedSince: start, retryAfter: start.add({ hours }) }, start, 0);
  expect(after(2)).toEqual(start.add({ hours: 2 }));
  expect(after(2, 12)).toEqual(start.add({ hours: 12 }));
  expect(after(100)).toEqual(start.add({ hours: 72 }));
});

it('a Retry-After is read in seconds and as a date, and is a day at the most', () => {
  const seconds = (header: string | undefined) => {
    const instant = retryAfterOf(header, start);
    return instant && start.until(instant).total('seconds');
  };
  expect(seconds('120')).toBe(120);
  expect(seconds('Mon, 02 Mar 2026 09:10:00 GMT')).toBe(600);
  expect(seconds('99999999')).toBe(86_400);
  for (const header of [undefined, '', '0', '-5', 'soon', 'Mon, 02 Mar 2026 08:00:00 GMT', '1e3']) {
    expect([header, seconds(header)]).toEqual([header, null]);
  }
});
