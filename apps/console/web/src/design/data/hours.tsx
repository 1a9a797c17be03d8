import { hoursInZone, weekdayName } from '../../format/hours.ts';
import { ownZone, sameZone } from '../../format/instants.ts';
import { serverNow } from '../../format/server-clock.ts';
import { useWords } from '../../messages/catalogue.ts';
import { useLocale } from '../../messages/language.ts';
import { shellWords } from '../../messages/words.ts';

export interface HoursProps {
  readonly hours: {
    readonly enabled: boolean;
    readonly start_time: string;
    readonly end_time: string;
    readonly timezone: string;
  };
  /** ISO weekdays, 1 is Monday; null is every day. */
  readonly days: readonly number[] | null;
}

/** Daily hours in the zone of a code, and in the reader's own where that differs. */
export function Hours({ hours: { enabled, start_time, end_time, timezone }, days }: HoursProps) {
  const words = useWords(shellWords);
  const locale = useLocale();
  if (!enabled) return words.anyHour;
  const own = hoursInZone(start_time, end_time, timezone, ownZone(), serverNow());
  const shift = own.dayShift === 0 ? '' : own.dayShift > 0 ? ` (${words.dayLater})` : ` (${words.dayEarlier})`;
  return (
    <span>
      <span className="number">{`${start_time}–${end_time}`}</span> <span className="soft">{timezone}</span>
      {days && <span className="soft">, {days.map((day) => weekdayName(day, locale)).join(' ')}</span>}
      {!sameZone(timezone, ownZone()) && (
        <span className="soft small block">
          {words.forYou(`${own.start}–${own.end}`)}
          {shift}
        </span>
      )}
    </span>
  );
}
