import { describe, expect, it } from '@jest/globals';
import { Refusal } from '#kernel/refusal.js';
import { type ActiveHours, activeHoursDefault, checkHours, decideHours, hoursOf } from './active-hours.js';

function between(timezone: string, start_time: string, end_time: string): ActiveHours {
  return { enabled: true, start_time, end_time, timezone };
}

const kolkata = between('Asia/Kolkata', '06:00', '09:00');
const newYorkNight = between('America/New_York', '22:00', '02:00');
const newYorkGap = between('America/New_York', '02:15', '02:45');
const newYorkRepeat = between('America/New_York', '01:15', '01:45');
const lordHowe = between('Australia/Lord_Howe', '01:30', '01:59');
const samoa = between('Pacific/Apia', '09:00', '17:00');
const wholeDay = between('Europe/Berlin', '00:00', '23:59');
const allButAMinute = between('UTC', '12:01', '11:59');
const oneMinute = between('UTC', '12:00', '12:00');
const friday = [5];

const yes = true;
const no = false;

describe('active hours', () => {
  it.each<[string, ActiveHours, number[] | null, [string, boolean][]]>([
    [
      'hold the end minute to its last millisecond',
      kolkata,
      null,
      [
        ['2025-01-10T00:29:59.999Z', no],
        ['2025-01-10T00:30:00Z', yes],
        ['2025-01-10T03:30:30Z', yes],
        ['2025-01-10T03:30:59.999Z', yes],
        ['2025-01-10T03:31:00Z', no],
      ],
    ],
    [
      'go over midnight',
      newYorkNight,
      null,
      [
        ['2025-01-11T02:59:59Z', no],
        ['2025-01-11T03:00:00Z', yes],
        ['2025-01-11T04:59:59Z', yes],
        ['2025-01-11T05:00:00Z', yes],
        ['2025-01-11T07:00:59Z', yes],
        ['2025-01-11T07:01:00Z', no],
      ],
    ],
    [
      'of a night belong to the day that it opens on',
      newYorkNight,
      friday,
      [
        ['2025-01-11T05:30:00Z', yes], // Saturday 00:30, Friday's night
        ['2025-01-10T05:30:00Z', no], // Friday 00:30, Thursday's night
        ['2025-01-11T03:30:00Z', yes], // Friday 22:30
        ['2025-01-12T03:30:00Z', no], // Saturday 22:30
      ],
    ],
    [
      'have no minutes that the clocks leave out',
      newYorkGap,
      null,
      [
        ['2025-03-08T07:15:00Z', yes],
        ['2025-03-09T06:59:59Z', no], // 01:59:59, and then it is 03:00
        ['2025-03-09T07:00:00Z', no],
        ['2025-03-09T07:30:00Z', no],
        ['2025-03-10T06:15:00Z', yes],
      ],
    ],
    [
      'have minutes twice that the clocks repeat',
      newYorkRepeat,
      null,
      [
        ['2025-11-02T05:15:00Z', yes],
        ['2025-11-02T05:46:00Z', no],
        ['2025-11-02T06:14:59Z', no],
        ['2025-11-02T06:15:00Z', yes],
        ['2025-11-02T06:46:00Z', no],
      ],
    ],
    [
      'follow a zone that changes by half an hour',
      lordHowe,
      null,
      [
        ['2025-04-05T14:30:00Z', yes], // 01:30 at +11:00, the first time
        ['2025-04-05T14:59:59Z', yes],
        ['2025-04-05T15:00:00Z', yes], // 01:30 at +10:30, the second time
        ['2025-04-05T15:30:00Z', no],
      ],
    ],
    [
      'skip the day that a zone skipped',
      samoa,
      null,
      [
        ['2011-12-30T03:59:00Z', no], // Thursday the 29th, 17:59 at -10:00
        ['2011-12-30T10:00:00Z', no], // Saturday the 31st, 00:00 at +14:00
        ['2011-12-30T19:00:00Z', yes],
      ],
    ],
    [
      'of 00:00–23:59 are the whole day, the last minute too',
      wholeDay,
      friday,
      [
        ['2025-06-05T21:59:59.999Z', no],
        ['2025-06-05T22:00:00Z', yes],
        ['2025-06-06T21:59:59.999Z', yes],
        ['2025-06-06T22:00:00Z', no],
      ],
    ],
    [
      'may be nearly a whole day from noon to noon',
      allButAMinute,
      null,
      [
        ['2025-06-06T11:59:59Z', yes],
        ['2025-06-06T12:00:00Z', no],
        ['2025-06-06T12:00:59Z', no],
        ['2025-06-06T12:01:00Z', yes],
      ],
    ],
    [
      'that end where they start are that minute, in old records',
      oneMinute,
      null,
      [
        ['2025-06-06T11:59:59Z', no],
        ['2025-06-06T12:00:00Z', yes],
        ['2025-06-06T12:00:59.999Z', yes],
        ['2025-06-06T12:01:00Z', no],
      ],
    ],
    ['that are disabled leave everything open', activeHoursDefault, null, [['2025-06-06T03:03:03Z', yes]]],
    [
      'that are disabled leave the days in force, in their zone',
      { ...kolkata, enabled: false },
      friday,
      [
        ['2025-01-09T18:30:00Z', yes], // Friday 00:00
        ['2025-01-09T18:29:59Z', no],
      ],
    ],
    ['may name a zone by a link', { ...kolkata, timezone: 'Asia/Calcutta' }, null, [['2025-01-10T00:30:00Z', yes]]],
  ])('%s', (_, active, days, rows) => {
    const hours = hoursOf(active, days);
    expect(rows.map(([instant]) => [instant, decideHours(hours, Temporal.Instant.from(instant)).open])).toEqual(rows);
  });

  it('state the wall-clock time and the day of the window', () => {
    const hours = hoursOf(newYorkNight, friday);
    const decision = decideHours(hours, Temporal.Instant.from('2025-01-11T05:30:59.999Z'));
    expect(decision).toEqual({
      open: true,
      localTime: '2025-01-11 00:30:59',
      timezone: 'America/New_York',
      openingDay: Temporal.PlainDate.from('2025-01-10'),
    });
    expect(decideHours(hours, Temporal.Instant.from('2025-01-11T17:00:00Z')).openingDay).toBeNull();
  });
});

describe('active hours on write', () => {
  it.each([kolkata, newYorkNight, activeHoursDefault, { ...kolkata, timezone: 'Asia/Calcutta' }])(
    '%o are kept',
    (hours) => {
      expect(() => checkHours(hours)).not.toThrow();
    },
  );

  it.each<[Partial<ActiveHours>, string, string]>([
    [{ start_time: '12:00', end_time: '12:00' }, 'ACTIVE_HOURS_INVALID', 'active_hours.end_time'],
    [{ start_time: '24:30' }, 'ACTIVE_HOURS_INVALID', 'active_hours.start_time'],
    [{ start_time: '6:0' }, 'ACTIVE_HOURS_INVALID', 'active_hours.start_time'],
    [{ start_time: '6:00' }, 'ACTIVE_HOURS_INVALID', 'active_hours.start_time'],
    [{ end_time: '24:00' }, 'ACTIVE_HOURS_INVALID', 'active_hours.end_time'],
    [{ end_time: '09:60' }, 'ACTIVE_HOURS_INVALID', 'active_hours.end_time'],
    [{ end_time: '09:00:30' }, 'ACTIVE_HOURS_INVALID', 'active_hours.end_time'],
    [{ end_time: '09:00\n' }, 'ACTIVE_HOURS_INVALID', 'active_hours.end_time'],
    [{ end_time: '' }, 'ACTIVE_HOURS_INVALID', 'active_hours.end_time'],
    [{ timezone: 'IST' }, 'TIME_ZONE_UNKNOWN', 'active_hours.timezone'],
    [{ timezone: 'EST5' }, 'TIME_ZONE_UNKNOWN', 'active_hours.timezone'],
    [{ timezone: '+05:30' }, 'TIME_ZONE_UNKNOWN', 'active_hours.timezone'],
    [{ timezone: 'Mars/Phobos' }, 'TIME_ZONE_UNKNOWN', 'active_hours.timezone'],
    [{ enabled: false, timezone: 'IST' }, 'TIME_ZONE_UNKNOWN', 'active_hours.timezone'],
  ])('with %o are refused: %s at %s', (change, code, field) => {
    const refused = refusalOf(() => checkHours({ ...kolkata, ...change }));
    expect([refused.code, refused.details.field]).toEqual([code, field]);
  });
});

function refusalOf(work: () => void): Refusal {
  try {
    work();
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}
