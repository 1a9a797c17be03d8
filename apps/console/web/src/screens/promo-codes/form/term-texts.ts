import { formatInstant } from '../../../format/instants.ts';
import { formatMoney } from '../../../format/money.ts';
import { useWords } from '../../../messages/catalogue.ts';
import { useLocale } from '../../../messages/language.ts';
import { codesWords, promoCodesWords } from '../../../messages/words.ts';
import { weekdayName } from '../../code-parts/hours.tsx';
import { currencyOf } from './limit-field.tsx';
import type { TermName } from './merged-values.ts';
import type { termsOf } from './values.ts';

export type Terms = ReturnType<typeof termsOf>;

/** Writes a member of the terms as people read it: `20 %` in place of 2000. */
export function useTermTexts(): (name: TermName, terms: Terms) => string {
  const words = useWords(promoCodesWords);
  const codes = useWords(codesWords);
  const locale = useLocale();
  const { form } = words;
  const number = new Intl.NumberFormat(locale);
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 2 });
  const chosen: Partial<Record<TermName, (terms: Terms) => string>> = {
    kind: ({ kind }) => codes.kind[kind],
    percent_bp: ({ percent_bp: share }) => (share === null ? words.without : percent.format((share ?? 0) / 10_000)),
    active_hours: ({ active_hours: hours }) =>
      `${hours?.enabled ? codes.hoursOf(hours.start_time ?? '', hours.end_time ?? '') : codes.allDay}, ${hours?.timezone}`,
    days: ({ days }) => days?.map((day) => weekdayName(day, locale)).join(', ') ?? codes.everyDay,
    offers_rule: ({ offers_rule: rule = 'all' }) => form.offersRules[rule],
    audience: ({ audience = 'everyone' }) => form.audiences[audience],
    stacking: ({ stacking = 'exclusive' }) => form.stackings[stacking],
    counts_on: ({ counts_on: on = 'conversion' }) => form.counts[on],
    hold_hours: ({ hold_hours: hours }) => (hours == null ? words.ofClass : number.format(hours)),
    give_back: ({ give_back: after }) =>
      (['cancel', 'refund', 'fraud', 'chargeback'] as const)
        .filter((reason) => after?.[reason])
        .map((reason) => form.giveBackReasons[reason])
        .join(', ') || words.without,
  };
  return (name, terms) => {
    const write = chosen[name];
    if (write) return write(terms);
    const value: unknown = terms[name];
    if (typeof value === 'boolean') return value ? words.yes : words.no;
    if (typeof value === 'number' && name.endsWith('_minor')) {
      return formatMoney(value, currencyOf({ currency: terms.currency ?? '' }), locale);
    }
    if (typeof value === 'number') return number.format(value);
    if (name.startsWith('max_uses') && value === null) return codes.unlimited;
    if (name.startsWith('valid_') && typeof value === 'string' && value !== '') {
      return formatInstant(value, terms.active_hours?.timezone ?? 'UTC', locale);
    }
    return (Array.isArray(value) ? value.join(', ') : String(value ?? '')) || words.without;
  };
}
