/** Hours of a day in a zone, as a reader of another zone sees them today. */
export interface HoursForReader {
  readonly start: string;
  readonly end: string;
  /** How many days later (or earlier) the hours begin for the reader: -1, 0 or 1. */
  readonly dayShift: number;
}

/** Minutes that a zone is ahead of UTC at an instant. */
export function offsetMinutes(zone: string, at: number): number {
  const parts = new Intl.DateTimeFormat('en', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  }).formatToParts(at);
  const part = (type: string) => Number(parts.find((one) => one.type === type)?.value);
  const local = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'));
  return Math.round((local - Math.floor(at / 60_000) * 60_000) / 60_000);
}

/** Shifts `HH:MM` hours of one zone into another, by the offsets of an instant. */
export function hoursInZone(start: string, end: string, zone: string, reader: string, at: number): HoursForReader {
  const shift = offsetMinutes(reader, at) - offsetMinutes(zone, at);
  const shifted = (time: string) => minutesOf(time) + shift;
  return { start: timeOf(shifted(start)), end: timeOf(shifted(end)), dayShift: Math.floor(shifted(start) / 1440) };
}

function minutesOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
}

function timeOf(minutes: number): string {
  const inDay = ((minutes % 1440) + 1440) % 1440;
  return [Math.floor(inDay / 60), inDay % 60].map((part) => String(part).padStart(2, '0')).join(':');
}

/** The short names of weekdays, 1 is Monday as in ISO 8601. */
export function weekdayName(day: number, locale: string): string {
  // 5 January 2026 was a Monday.
  return new Intl.DateTimeFormat(locale, { weekday: 'short', timeZone: 'UTC' }).format(Date.UTC(2026, 0, 4 + day));
}
