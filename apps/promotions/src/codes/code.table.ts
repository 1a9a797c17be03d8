import type { ActiveHours } from './domain/active-hours.js';
import type { CodeKind, CodeStatus, CodeTerms, GiveBack, PromoCode } from './domain/code.js';

/** The columns that hold what a publisher says, as the table names them. */
interface TermsRow {
  title: string;
  owner_id: string | null;
  kind: CodeKind;
  percent_bp: number | null;
  amount_minor: number | null;
  cap_minor: number | null;
  minimum_minor: number | null;
  currency: string | null;
  valid_from: Temporal.Instant | null;
  valid_until: Temporal.Instant | null;
  active_hours: ActiveHours;
  days: readonly number[] | null;
  max_uses: number | null;
  max_uses_per_person: number | null;
  max_uses_per_offer: number | null;
  budget_minor: number | null;
  offers_rule: CodeTerms['offersRule'];
  offers: readonly string[];
  audience: CodeTerms['audience'];
  stacking: CodeTerms['stacking'];
  precedence: number;
  auto_deactivate_on_max_uses: boolean;
  counts_on: CodeTerms['countsOn'];
  give_back: GiveBack;
}

/** One row of `promo_code`. */
export interface CodeRow extends TermsRow {
  id: string;
  code: string;
  batch_id: string | null;
  status: CodeStatus;
  auto_deactivated_at: Temporal.Instant | null;
  used: number;
  held: number;
  given_minor: number;
  held_minor: number;
  version: number;
  first_used_at: Temporal.Instant | null;
  created_at: Temporal.Instant;
  created_by: string;
  updated_at: Temporal.Instant;
}

const decidingTermColumns = [
  'owner_id',
  'kind',
  'percent_bp',
  'amount_minor',
  'cap_minor',
  'minimum_minor',
  'currency',
  'valid_from',
  'valid_until',
  'active_hours',
  'days',
  'max_uses',
  'max_uses_per_person',
  'max_uses_per_offer',
  'budget_minor',
  'offers_rule',
  'offers',
  'audience',
  'stacking',
  'precedence',
  'counts_on',
] as const satisfies readonly (keyof TermsRow)[];

export const termColumns = [
  'title',
  ...decidingTermColumns,
  'auto_deactivate_on_max_uses',
  'give_back',
] as const satisfies readonly (keyof TermsRow)[];

/** What decides about a use of a code, its counters apart. */
export const decidingColumns = [
  'id',
  'code',
  'version',
  'status',
  'auto_deactivated_at',
  ...decidingTermColumns,
] as const satisfies readonly (keyof CodeRow)[];

export type DecidingRow = Pick<CodeRow, (typeof decidingColumns)[number]>;

export function termsRowOf(terms: CodeTerms): TermsRow {
  return {
    title: terms.title,
    owner_id: terms.ownerId,
    kind: terms.kind,
    percent_bp: terms.percentBp,
    amount_minor: terms.amountMinor,
    cap_minor: terms.capMinor,
    minimum_minor: terms.minimumMinor,
    currency: terms.currency,
    valid_from: terms.validFrom,
    valid_until: terms.validUntil,
    active_hours: terms.activeHours,
    days: terms.days,
    max_uses: terms.maxUses,
    max_uses_per_person: terms.maxUsesPerPerson,
    max_uses_per_offer: terms.maxUsesPerOffer,
    budget_minor: terms.budgetMinor,
    offers_rule: terms.offersRule,
    offers: terms.offers,
    audience: terms.audience,
    stacking: terms.stacking,
    precedence: terms.precedence,
    auto_deactivate_on_max_uses: terms.autoDeactivateOnMaxUses,
    counts_on: terms.countsOn,
    give_back: terms.giveBack,
  };
}

/** The part of a code that its deciding columns hold. */
export function decidingPartOf(row: DecidingRow) {
  return {
    id: row.id,
    code: row.code,
    version: row.version,
    status: row.status,
    autoDeactivatedAt: row.auto_deactivated_at,
    ownerId: row.owner_id,
    kind: row.kind,
    percentBp: row.percent_bp,
    amountMinor: row.amount_minor,
    capMinor: row.cap_minor,
    minimumMinor: row.minimum_minor,
    currency: row.currency,
    validFrom: row.valid_from,
    validUntil: row.valid_until,
    activeHours: row.active_hours,
    days: row.days,
    maxUses: row.max_uses,
    maxUsesPerPerson: row.max_uses_per_person,
    maxUsesPerOffer: row.max_uses_per_offer,
    budgetMinor: row.budget_minor,
    offersRule: row.offers_rule,
    offers: row.offers,
    audience: row.audience,
    stacking: row.stacking,
    precedence: row.precedence,
    countsOn: row.counts_on,
  } satisfies Partial<PromoCode>;
}

export function codeOf(row: CodeRow): PromoCode {
  return {
    ...decidingPartOf(row),
    title: row.title,
    batchId: row.batch_id,
    autoDeactivateOnMaxUses: row.auto_deactivate_on_max_uses,
    giveBack: row.give_back,
    used: row.used,
    held: row.held,
    givenMinor: row.given_minor,
    heldMinor: row.held_minor,
    firstUsedAt: row.first_used_at,
    createdAt: row.created_at,
    createdBy: row.created_by,
    updatedAt: row.updated_at,
  };
}
