import type { Sentence, SentenceFormats } from '../messages/en/sentences.ts';
import { formatDay, formatInstant, ownZone } from './instants.ts';
import { formatMoney, parseMoney } from './money.ts';

/** The text in the language of the sentences; undefined as soon as one of its sentences is unknown. */
export function translateSentences(text: string, sentences: readonly Sentence[], locale: string): string | undefined {
  const formats = formatsOf(locale);
  const translated = text.split(/(?<=\.) (?=[A-Z\d])/).map((sentence) => {
    for (const [pattern, translate] of sentences) {
      const [match, ...parts] = pattern.exec(sentence) ?? [];
      if (match !== undefined) return translate(parts, formats);
    }
    return undefined;
  });
  return translated.includes(undefined) ? undefined : translated.join(' ');
}

/** How amounts, days and instants are written for a reader. */
export function formatsOf(locale: string): SentenceFormats {
  return {
    money(text) {
      const [amount = '', currency = ''] = text.split(' ');
      const minor = /^[A-Z]{3}$/.test(currency) ? parseMoney(amount, currency, 'en') : undefined;
      return minor === undefined ? text : formatMoney(minor, currency, locale);
    },
    day: (text) => (/^\d{4}-\d{2}-\d{2}$/.test(text) ? formatDay(text, locale) : text),
    instant: (text) => (Number.isNaN(Date.parse(text)) ? text : formatInstant(text, ownZone(), locale)),
  };
}
