import { formatDay, formatForReader, formatInstant, ownZone } from '../../format/instants.ts';
import { useWords } from '../../messages/catalogue.ts';
import { useLocale } from '../../messages/language.ts';
import { shellWords } from '../../messages/words.ts';

export interface InstantProps {
  readonly at: string;
  /** The zone in which it is written; the reader's own unless given. */
  readonly zone?: string;
  /** In a column of the reader's own times, whose zone stands elsewhere. */
  readonly isZoneHidden?: boolean;
}

/** `30 Nov 2026, 06:00 Asia/Kolkata (09:30 for you)`. */
export function Instant({ at, zone = ownZone(), isZoneHidden }: InstantProps) {
  const locale = useLocale();
  const words = useWords(shellWords);
  const forReader = formatForReader(at, zone, locale);
  return (
    <time dateTime={at}>
      <span className="nowrap">{formatInstant(at, zone, locale)}</span>
      {!isZoneHidden && <span className="soft"> {zone}</span>}
      {forReader && <span className="soft"> ({words.forYou(forReader)})</span>}
    </time>
  );
}

/** A calendar day; it belongs to no zone. */
export function Day({ date }: { readonly date: string }) {
  const locale = useLocale();
  return (
    <time dateTime={date} className="nowrap">
      {formatDay(date, locale)}
    </time>
  );
}

/** Says once in which zone the times of a list are, which hide their own. */
export function OwnZone() {
  const words = useWords(shellWords);
  return <p className="soft small">{words.timesIn(ownZone())}</p>;
}
