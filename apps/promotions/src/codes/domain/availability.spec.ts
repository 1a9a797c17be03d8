import { describe, expect, it } from '@jest/globals';
import { activeHoursDefault, hoursOf } from './active-hours.js';
import { availabilityAt } from './availability.js';

const mornings = hoursOf({ enabled: true, start_time: '06:00', end_time: '09:00', timezone: 'Asia/Kolkata' }, null);
const always = hoursOf(activeHoursDefault, null);
const at = (text: string | null) => (text === null ? null : Temporal.Instant.from(text));

describe('the availability of a code', () => {
  it.each([
    [
      'within both',
      mornings,
      '2025-01-01T00:00:00Z',
      '2025-02-01T00:00:00Z',
      '2025-01-10T01:00:00Z',
      null,
      '2025-01-10T03:31:00Z',
    ],
    [
      'ending in the middle of the hours',
      mornings,
      null,
      '2025-01-10T02:00:00Z',
      '2025-01-10T01:00:00Z',
      null,
      '2025-01-10T02:00:00Z',
    ],
    ['between the hours', mornings, null, null, '2025-01-10T10:00:00Z', '2025-01-11T00:30:00Z', null],
    [
      'not begun, beginning within the hours',
      mornings,
      '2025-01-10T02:00:00Z',
      null,
      '2025-01-10T01:00:00Z',
      '2025-01-10T02:00:00Z',
      null,
    ],
    [
      'not begun, beginning between the hours',
      mornings,
      '2025-01-10T12:00:00Z',
      null,
      '2025-01-10T01:00:00Z',
      '2025-01-11T00:30:00Z',
      null,
    ],
    ['over before the hours come again', mornings, null, '2025-01-11T00:30:00Z', '2025-01-10T10:00:00Z', null, null],
    ['over', mornings, null, '2025-01-10T01:00:00Z', '2025-01-10T01:00:00Z', null, null],
    ['with neither hours nor end', always, null, null, '2025-01-10T01:00:00Z', null, null],
    [
      'without hours, until its end',
      always,
      null,
      '2025-01-11T00:00:00Z',
      '2025-01-10T01:00:00Z',
      null,
      '2025-01-11T00:00:00Z',
    ],
  ])('%s', (_, hours, from, until, now, nextOpensAt, closesAt) => {
    const standing = availabilityAt(hours, { validFrom: at(from), validUntil: at(until) }, Temporal.Instant.from(now));
    expect([standing.nextOpensAt?.toString() ?? null, standing.closesAt?.toString() ?? null]).toEqual([
      nextOpensAt,
      closesAt,
    ]);
    expect(standing.open).toBe(closesAt !== null || (hours === always && nextOpensAt === null));
  });
});
