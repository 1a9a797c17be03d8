import type { ActiveHours, CodeOpening } from '../../api/generated/operations.ts';
import { Day } from '../../design/data/instant.tsx';
import { Status } from '../../design/data/status.tsx';
import { type Column, Table } from '../../design/data/table.tsx';
import { formatTime, ownZone, sameZone } from '../../format/instants.ts';
import { useWords } from '../../messages/catalogue.ts';
import { useLocale } from '../../messages/language.ts';
import { codesWords } from '../../messages/words.ts';

/** Monday is 1; the first of January 2024 was one. */
export function weekdayName(day: number, locale: string, width: 'short' | 'long' = 'short'): string {
  const date = new Date(Date.UTC(2024, 0, day));
  return new Intl.DateTimeFormat(locale, { weekday: width, timeZone: 'UTC' }).format(date);
}

/** `06:00–09:00, Mon, Tue, Asia/Kolkata`. */
export function HoursText({
  hours: { enabled, start_time, end_time, timezone },
  days,
}: {
  readonly hours: ActiveHours;
  readonly days: readonly number[] | null;
}) {
  const words = useWords(codesWords);
  const locale = useLocale();
  const names = days?.map((day) => weekdayName(day, locale)).join(', ') ?? words.everyDay;
  return (
    <span>
      {enabled ? words.hoursOf(start_time, end_time) : words.allDay}, {names} <span className="soft">{timezone}</span>
    </span>
  );
}

/** The coming windows in the zone of the code and in the reader's, with the days on which the clocks change. */
export function Openings({ openings, zone }: { readonly openings: readonly CodeOpening[]; readonly zone: string }) {
  const words = useWords(codesWords);
  const own = ownZone();
  const columns: Column<CodeOpening>[] = [
    { title: words.day, isHeader: true, cell: ({ day }) => <Weekday day={day} /> },
    { title: words.inZone(zone), cell: (opening) => <Windows opening={opening} zone={zone} /> },
    ...(sameZone(zone, own)
      ? []
      : [{ title: words.forYou(own), cell: (opening: CodeOpening) => <Windows opening={opening} zone={own} isOwn /> }]),
  ];
  if (openings.length === 0) return <p className="soft">{words.openingsNone}</p>;
  return <Table caption={words.openings} columns={columns} rows={openings} rowKey={({ day }) => day} />;
}

/** Hours are written with their last minute: the window ends with it. */
function lastMinuteBefore(closesAt: string): string {
  return new Date(Date.parse(closesAt) - 60_000).toISOString();
}

function Weekday({ day }: { readonly day: string }) {
  const locale = useLocale();
  const name = new Intl.DateTimeFormat(locale, { weekday: 'short', timeZone: 'UTC' }).format(new Date(`${day}T00:00Z`));
  return (
    <>
      {name} <Day date={day} />
    </>
  );
}

function Windows({
  opening,
  zone,
  isOwn,
}: {
  readonly opening: CodeOpening;
  readonly zone: string;
  readonly isOwn?: boolean;
}) {
  const words = useWords(codesWords);
  const locale = useLocale();
  const { clock_change: change, intervals } = opening;
  const times = intervals.map(({ opens_at, closes_at }) => (
    <span key={opens_at} className="number nowrap">
      {words.hoursOf(formatTime(opens_at, zone, locale), formatTime(lastMinuteBefore(closes_at), zone, locale))}
    </span>
  ));
  return (
    <span className="row">
      {times}
      {!isOwn && change !== 'none' && <Status tone="warn">{words.clockChange[change]}</Status>}
    </span>
  );
}
