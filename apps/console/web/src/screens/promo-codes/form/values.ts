import type { PromoCode, PromoCodeBody, PromoCodeChange } from '../../../api/generated/operations.ts';

/** The terms of a code as the form has them: all members, and which limits are switched on. */
export interface CodeValues {
  readonly code: string;
  readonly title: string;
  readonly owner_id: string;
  readonly kind: 'discount' | 'bonus';
  readonly by: 'percent' | 'amount';
  readonly percent_bp: number | null;
  readonly amount_minor: number | null;
  readonly currency: string;
  readonly cap_minor: number | null;
  readonly minimum_minor: number | null;
  readonly budget_minor: number | null;
  readonly valid_from: string | null;
  readonly valid_until: string | null;
  readonly hoursEnabled: boolean;
  readonly start_time: string | null;
  readonly end_time: string | null;
  readonly timezone: string;
  readonly everyDay: boolean;
  readonly days: readonly number[];
  readonly max_uses: number | null;
  readonly max_uses_per_person: number | null;
  readonly max_uses_per_offer: number | null;
  readonly auto_deactivate_on_max_uses: boolean;
  readonly offers_rule: 'all' | 'some' | 'all_but';
  readonly offers: string;
  readonly audience: 'everyone' | 'listed' | 'new_persons';
  readonly persons: string;
  readonly stacking: 'exclusive' | 'combinable';
  readonly precedence: number | null;
  readonly counts_on: 'apply' | 'conversion';
  readonly hold_hours: number | null;
  readonly hold_past_validity: boolean;
  readonly give_back: {
    readonly cancel: boolean;
    readonly refund: boolean;
    readonly fraud: boolean;
    readonly chargeback: boolean;
  };
  readonly status: 'draft' | 'active' | 'paused';
  /** The limits that are on. An empty one is refused by the server; off is null. */
  readonly on: Readonly<Record<LimitName, boolean>>;
}

export const limitNames = [
  'cap_minor',
  'minimum_minor',
  'budget_minor',
  'valid_from',
  'valid_until',
  'max_uses',
  'max_uses_per_person',
  'max_uses_per_offer',
  'hold_hours',
] as const;
export type LimitName = (typeof limitNames)[number];

const allOff = Object.fromEntries(limitNames.map((name) => [name, false])) as Record<LimitName, boolean>;

/** A new code: a discount for everybody at any time. */
export function newValues(timezone: string): CodeValues {
  return {
    code: '',
    title: '',
    owner_id: '',
    kind: 'discount',
    by: 'percent',
    percent_bp: 1_000,
    amount_minor: null,
    currency: '',
    cap_minor: null,
    minimum_minor: null,
    budget_minor: null,
    valid_from: null,
    valid_until: null,
    hoursEnabled: false,
    start_time: '06:00',
    end_time: '09:00',
    timezone,
    everyDay: true,
    days: [1, 2, 3, 4, 5],
    max_uses: null,
    max_uses_per_person: null,
    max_uses_per_offer: null,
    auto_deactivate_on_max_uses: true,
    offers_rule: 'all',
    offers: '',
    audience: 'everyone',
    persons: '',
    stacking: 'exclusive',
    precedence: 0,
    counts_on: 'conversion',
    hold_hours: null,
    hold_past_validity: false,
    give_back: { cancel: true, refund: true, fraud: false, chargeback: false },
    status: 'active',
    on: allOff,
  };
}

/** The terms of a code that exists. */
export function valuesOf(code: PromoCode): CodeValues {
  const { active_hours: hours } = code;
  const on = Object.fromEntries(limitNames.map((name) => [name, code[name] !== null])) as Record<LimitName, boolean>;
  const { title, kind, percent_bp, amount_minor, cap_minor, minimum_minor, budget_minor, valid_from, valid_until } =
    code;
  const { max_uses, max_uses_per_person, max_uses_per_offer, auto_deactivate_on_max_uses, offers_rule, audience } =
    code;
  const { stacking, precedence, counts_on, hold_hours, hold_past_validity, give_back } = code;
  return {
    ...{ code: code.code, title, kind, percent_bp, amount_minor, cap_minor, minimum_minor, budget_minor, valid_from },
    ...{ valid_until, max_uses, max_uses_per_person, max_uses_per_offer, auto_deactivate_on_max_uses, offers_rule },
    ...{ audience, stacking, precedence, counts_on, hold_hours, hold_past_validity, give_back },
    owner_id: code.owner_id ?? '',
    by: code.percent_bp === null ? 'amount' : 'percent',
    currency: code.currency ?? '',
    hoursEnabled: hours.enabled,
    start_time: hours.start_time,
    end_time: hours.end_time,
    timezone: hours.timezone,
    everyDay: code.days === null,
    days: code.days ?? [1, 2, 3, 4, 5],
    offers: code.offers.join('\n'),
    persons: '',
    status: code.status === 'draft' || code.status === 'paused' ? code.status : 'active',
    on,
  };
}

const lines = (text: string) => [
  ...new Set(
    text
      .split(/[\n,;]+/)
      .map((line) => line.trim())
      .filter(Boolean),
  ),
];

/** The hours and days as the API has them. An incomplete time is an empty text: the server refuses it on its field. */
export function hoursOf(values: CodeValues) {
  const { hoursEnabled, start_time, end_time, timezone, everyDay, days } = values;
  return {
    active_hours: { enabled: hoursEnabled, start_time: start_time ?? '', end_time: end_time ?? '', timezone },
    days: everyDay ? null : [...days].sort(),
  };
}

/** The terms as the API has them. A limit that is on and empty is sent as 0, and refused on its field. */
export function termsOf(values: CodeValues): Omit<PromoCodeBody, 'code'> {
  const { on, kind, by } = values;
  const limit = (name: Exclude<LimitName, 'valid_from' | 'valid_until'>) => (on[name] ? (values[name] ?? 0) : null);
  const isPercent = by === 'percent';
  return {
    title: values.title,
    owner_id: values.owner_id || null,
    kind,
    percent_bp: isPercent ? (values.percent_bp ?? 0) : null,
    amount_minor: isPercent ? null : (values.amount_minor ?? 0),
    currency: values.currency || null,
    cap_minor: isPercent ? limit('cap_minor') : null,
    minimum_minor: limit('minimum_minor'),
    budget_minor: limit('budget_minor'),
    valid_from: on.valid_from ? (values.valid_from ?? '') : null,
    valid_until: on.valid_until ? (values.valid_until ?? '') : null,
    ...hoursOf(values),
    max_uses: limit('max_uses'),
    max_uses_per_person: limit('max_uses_per_person'),
    max_uses_per_offer: limit('max_uses_per_offer'),
    auto_deactivate_on_max_uses: values.auto_deactivate_on_max_uses,
    offers_rule: values.offers_rule,
    offers: values.offers_rule === 'all' ? [] : lines(values.offers),
    audience: values.audience,
    stacking: values.stacking,
    precedence: values.precedence ?? 0,
    counts_on: values.counts_on,
    hold_hours: kind === 'discount' ? limit('hold_hours') : null,
    hold_past_validity: values.hold_past_validity,
    give_back: values.give_back,
    ...(values.audience === 'listed' && values.persons.trim() !== '' ? { persons: lines(values.persons) } : {}),
  };
}

/** The members that differ between two terms. */
export function differing(one: object, other: object): string[] {
  const [left, right] = [one, other] as Record<string, unknown>[];
  const names = new Set([...Object.keys(left ?? {}), ...Object.keys(right ?? {})]);
  return [...names].filter((name) => JSON.stringify(left?.[name]) !== JSON.stringify(right?.[name]));
}

/** What a change sends: the members that differ from the code that was opened, and its version. */
export function changeOf(values: CodeValues, opened: PromoCode): PromoCodeChange {
  const terms = termsOf(values) as Record<string, unknown>;
  const changed = differing(termsOf(valuesOf(opened)), terms).map((name) => [name, terms[name]]);
  return { ...Object.fromEntries(changed), version: opened.version };
}
