/** The reader's own time zone. */
export function ownZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';
}

/** Two names may mean one zone: browsers say Asia/Calcutta, the tz database Asia/Kolkata. */
export function sameZone(left: string, right: string): boolean {
  return left === right || canonical(left) === canonical(right);
}

function canonical(zone: string): string {
  try {
    return Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone;
  } catch {
    return zone;
  }
}

const dayAndTime: Intl.DateTimeFormatOptions = {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
};
const day: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'short', year: 'numeric' };
const time: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' };

/** `30 Nov 2026, 06:00` in the given zone. */
export function formatInstant(at: string, zone: string, locale: string): string {
  return new Intl.DateTimeFormat(locale, { ...dayAndTime, timeZone: zone }).format(new Date(at));
}

/** `06:00` in the given zone. */
export function formatTime(at: string, zone: string, locale: string): string {
  return new Intl.DateTimeFormat(locale, { ...time, timeZone: zone }).format(new Date(at));
}

/** A calendar day, which has no zone. */
export function formatDay(date: string, locale: string): string {
  return new Intl.DateTimeFormat(locale, { ...day, timeZone: 'UTC' }).format(new Date(`${date}T00:00:00Z`));
}

/** The first instant of a day of the reader's zone, or of one some days later. */
export function startOfDay(date: string, daysLater = 0): string {
  const [year = 0, month = 1, dayOfMonth = 1] = date.split('-').map(Number);
  return new Date(year, month - 1, dayOfMonth + daysLater).toISOString();
}

/** The same instant for the reader: the time alone on the same day, else with its day; undefined in the same zone. */
export function formatForReader(at: string, zone: string, locale: string): string | undefined {
  const own = ownZone();
  if (sameZone(zone, own)) return undefined;
  const dayIn = (timeZone: string) => new Intl.DateTimeFormat('en', { ...day, timeZone }).format(new Date(at));
  return dayIn(zone) === dayIn(own) ? formatTime(at, own, locale) : formatInstant(at, own, locale);
}
