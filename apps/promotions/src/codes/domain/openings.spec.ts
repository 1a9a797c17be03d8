import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decideHours, type Hours, hoursOf } from './active-hours.js';
import { closingOf, nextOpening, openingsFrom, previewDays } from './openings.js';

const at = (text: string) => Temporal.Instant.from(text);
const day = (text: string) => Temporal.PlainDate.from(text);

function open(timezone: string, start_time: string, end_time: string, days: number[] | null = null): Hours {
  return hoursOf({ enabled: true, start_time, end_time, timezone }, days);
}

const gap = open('America/New_York', '02:15', '02:45');
const nights = open('America/New_York', '22:00', '02:00', [5]);

describe('the next opening', () => {
  it.each<[string, Hours, string, string | null]>([
    ['of a window that the clocks leave out is the day after', gap, '2025-03-09T05:00:00Z', '2025-03-10T06:15:00Z'],
    ['the same, late on that day', gap, '2025-03-10T03:59:59Z', '2025-03-10T06:15:00Z'],
    ['is later today', open('Asia/Kolkata', '06:00', '09:00'), '2025-01-10T00:29:59.999Z', '2025-01-10T00:30:00Z'],
    ['is tomorrow', open('Asia/Kolkata', '06:00', '09:00'), '2025-01-10T03:31:00Z', '2025-01-11T00:30:00Z'],
    ['is on the next of its days', nights, '2025-01-11T07:01:00Z', '2025-01-18T03:00:00Z'],
    [
      'is the second one of a repeated hour',
      open('America/New_York', '01:15', '01:45'),
      '2025-11-02T05:50:00Z',
      '2025-11-02T06:15:00Z',
    ],
    [
      'of a yearly gap day is a week later',
      open('America/New_York', '02:15', '02:45', [7]),
      '2025-03-09T04:00:00Z',
      '2025-03-16T06:15:00Z',
    ],
    ['of what is always open is not to come', open('UTC', '00:00', '23:59'), '2025-01-10T00:00:00Z', null],
  ])('%s', (_, hours, now, expected) => {
    expect(nextOpening(hours, at(now))?.toString() ?? null).toBe(expected);
  });
});

describe('the closing', () => {
  it.each<[string, Hours, string, string | null]>([
    [
      'comes when the end minute is over',
      open('Asia/Kolkata', '06:00', '09:00'),
      '2025-01-10T03:30:30Z',
      '2025-01-10T03:31:00Z',
    ],
    ['of a night is on the next day', nights, '2025-01-11T03:00:00Z', '2025-01-11T07:01:00Z'],
    [
      'of whole days in a row is after the last',
      open('UTC', '00:00', '23:59', [1, 2, 3]),
      '2025-01-06T12:00:00Z',
      '2025-01-09T00:00:00Z',
    ],
    [
      'of what closes for a minute is in that minute',
      open('UTC', '12:01', '11:59'),
      '2025-01-06T13:00:00Z',
      '2025-01-07T12:00:00Z',
    ],
    [
      'is twice where the clocks go back past it',
      open('America/New_York', '00:30', '01:30'),
      '2025-11-02T05:00:00Z',
      '2025-11-02T05:31:00Z',
    ],
    [
      'of every minute of every day never comes',
      open('America/New_York', '00:00', '23:59'),
      '2025-03-09T06:00:00Z',
      null,
    ],
    [
      'of every day by name never comes',
      open('UTC', '00:00', '23:59', [1, 2, 3, 4, 5, 6, 7]),
      '2025-03-09T06:00:00Z',
      null,
    ],
    ['of every minute from noon to noon never comes', open('UTC', '12:00', '11:59'), '2025-03-09T06:00:00Z', null],
    ['is none while it is closed', open('UTC', '06:00', '09:00'), '2025-03-09T10:00:00Z', null],
  ])('%s', (_, hours, now, expected) => {
    expect(closingOf(hours, at(now))?.toString() ?? null).toBe(expected);
  });
});

describe('the openings of 400 days', () => {
  const unusual = (hours: Hours, first: string) =>
    openingsFrom(hours, day(first), previewDays)
      .filter(({ clockChange }) => clockChange !== 'none')
      .map(({ day, clockChange, seconds, intervals }) => [day.toString(), clockChange, seconds, intervals.length]);

  it('mark the days on which a change of the clocks skips the window', () => {
    expect(unusual(gap, '2025-01-01')).toEqual([['2025-03-09', 'skipped', 0, 0]]);
  });

  it('mark the days on which it shortens the window or repeats a part', () => {
    expect(unusual(open('America/New_York', '01:30', '02:29'), '2025-01-01')).toEqual([
      ['2025-03-09', 'shortened', 1_800, 1],
      ['2025-11-02', 'repeated', 5_400, 2],
    ]);
    expect(unusual(open('America/New_York', '01:15', '01:45'), '2025-01-01')).toEqual([
      ['2025-11-02', 'repeated', 3_720, 2],
    ]);
  });

  it('mark a window over midnight by its opening day', () => {
    expect(unusual(open('Europe/Berlin', '22:00', '06:00'), '2025-01-01')).toEqual([
      ['2025-03-29', 'shortened', 25_260, 1],
      ['2025-10-25', 'repeated', 32_460, 1],
    ]);
  });

  it('mark the day that a zone skipped', () => {
    expect(unusual(open('Pacific/Apia', '09:00', '17:00'), '2011-12-01').slice(0, 1)).toEqual([
      ['2011-12-30', 'skipped', 0, 0],
    ]);
  });

  it('are those of the days that it opens on', () => {
    const fridays = openingsFrom(nights, day('2025-01-01'), previewDays);
    expect(fridays.length).toBe(57);
    expect(new Set(fridays.map((opening) => opening.day.dayOfWeek))).toEqual(new Set([5]));
    expect(fridays[0]).toEqual({
      day: day('2025-01-03'),
      clockChange: 'none',
      seconds: 14_460,
      intervals: [{ opensAt: at('2025-01-04T03:00:00Z'), closesAt: at('2025-01-04T07:01:00Z') }],
    });
  });
});

describe('openings and decisions', () => {
  const zones = [
    'UTC',
    'Asia/Kolkata',
    'America/New_York',
    'Europe/Dublin',
    'Africa/Casablanca',
    'America/Havana',
    'Asia/Beirut',
    'Australia/Lord_Howe',
    'Atlantic/Azores',
    'Pacific/Chatham',
    'Pacific/Apia',
    'America/St_Johns',
    'Antarctica/Troll',
  ];
  const minute = fc.integer({ min: 0, max: 1_439 });
  const hours = fc
    .record({
      startMinute: minute,
      endMinute: minute,
      timezone: fc.constantFrom(...zones),
      days: fc.option(fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 6 })),
    })
    .map(({ days, ...rest }): Hours => ({ ...rest, days: days && new Set(days) }));

  /** Instants of 2010 to 2026, half of them within a day of a change of the zone's clocks. */
  const moment = fc.record({
    seconds: fc.integer({ min: 1_262_304_000, max: 1_798_761_600 }),
    nearChange: fc.boolean(),
    aside: fc.integer({ min: -90_000, max: 90_000 }),
  });
  function instantOf(
    hours: Hours,
    { seconds, nearChange, aside }: { seconds: number; nearChange: boolean; aside: number },
  ) {
    const drawn = Temporal.Instant.fromEpochMilliseconds(seconds * 1_000);
    const change = nearChange && drawn.toZonedDateTimeISO(hours.timezone).getTimeZoneTransition('previous');
    return change ? change.toInstant().add({ seconds: aside }) : drawn;
  }

  it('agree at every instant', () => {
    fc.assert(
      fc.property(hours, moment, (rule, drawn) => {
        const now = instantOf(rule, drawn);
        const first = now.toZonedDateTimeISO(rule.timezone).toPlainDate().subtract({ days: 2 });
        const inside = openingsFrom(rule, first, 5).some(({ intervals }) =>
          intervals.some(
            ({ opensAt, closesAt }) =>
              Temporal.Instant.compare(opensAt, now) <= 0 && Temporal.Instant.compare(now, closesAt) < 0,
          ),
        );
        expect(inside).toBe(decideHours(rule, now).open);
      }),
      { numRuns: 1_000 },
    );
  });

  it('agree on when it changes next', () => {
    fc.assert(
      fc.property(hours, moment, (rule, drawn) => {
        const now = instantOf(rule, drawn);
        const isOpen = decideHours(rule, now).open;
        const change = isOpen ? closingOf(rule, now) : nextOpening(rule, now);
        if (change === null) {
          // Only what is always open never closes, and everything opens.
          expect([isOpen, rule.days, (rule.endMinute + 1) % 1_440]).toEqual([true, null, rule.startMinute]);
          return;
        }
        const isOpenAt = (instant: Temporal.Instant) => decideHours(rule, instant).open;
        expect(isOpenAt(change)).toBe(!isOpen);
        expect(isOpenAt(change.subtract({ nanoseconds: 1 }))).toBe(isOpen);
        const span = change.epochMilliseconds - now.epochMilliseconds;
        const between = Array.from({ length: 20 }, (_, step) =>
          now.add({ milliseconds: Math.floor((span * step) / 20) }),
        );
        expect(between.filter((instant) => isOpenAt(instant) !== isOpen)).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });
});
