import { isTypeableCode } from '#contracts/promotions/fold-code.js';
import { isCurrency } from '#kernel/money.js';
import { Refusal } from '#kernel/refusal.js';
import { type ActiveHours, checkHours } from './active-hours.js';

export type CodeKind = 'discount' | 'bonus';
export type CodeStatus = 'draft' | 'active' | 'paused' | 'expired' | 'archived';

/** Whether a use that is reversed for this reason counts against the limits of its code no more. */
export interface GiveBack {
  readonly cancel: boolean;
  readonly refund: boolean;
  readonly fraud: boolean;
  readonly chargeback: boolean;
}

/** What an admin states about a code. */
export interface CodeTerms {
  readonly title: string;
  /** The publisher who owns the code. */
  readonly ownerId: string | null;
  readonly kind: CodeKind;
  /** Hundredths of a percent, or a fixed amount: exactly one of both. */
  readonly percentBp: number | null;
  readonly amountMinor: number | null;
  /** The highest benefit of a percentage, and the lowest amount of an order that the code accepts. */
  readonly capMinor: number | null;
  readonly minimumMinor: number | null;
  /** Null where any currency will do: a bare percentage. */
  readonly currency: string | null;
  /** Valid from the first instant until just before the second. */
  readonly validFrom: Temporal.Instant | null;
  readonly validUntil: Temporal.Instant | null;
  readonly activeHours: ActiveHours;
  readonly days: readonly number[] | null;
  readonly maxUses: number | null;
  readonly maxUsesPerPerson: number | null;
  readonly maxUsesPerOffer: number | null;
  readonly budgetMinor: number | null;
  readonly offersRule: 'all' | 'some' | 'all_but';
  readonly offers: readonly string[];
  readonly audience: 'everyone' | 'listed' | 'new_persons';
  readonly stacking: 'exclusive' | 'combinable';
  /** Of combinable codes the lowest is applied first. */
  readonly precedence: number;
  readonly autoDeactivateOnMaxUses: boolean;
  readonly countsOn: 'apply' | 'conversion';
  /** How long an unpaid order may hold a discount; null where the class alone decides. */
  readonly holdHours: number | null;
  /** Whether an unpaid order may hold a discount after the validity has ended. */
  readonly holdPastValidity: boolean;
  readonly giveBack: GiveBack;
}

/** A code: its terms, its status, and its counters, which change only under the lock of its row. */
export interface PromoCode extends CodeTerms {
  readonly id: string;
  /** As it was written. Two codes are the same if `foldCode` of them is. */
  readonly code: string;
  readonly batchId: string | null;
  readonly status: CodeStatus;
  /** When the last use was taken and deactivated the code. */
  readonly autoDeactivatedAt: Temporal.Instant | null;
  readonly used: number;
  readonly held: number;
  readonly givenMinor: number;
  readonly heldMinor: number;
  /** The version of the terms: starts at 1 and rises with each change. */
  readonly version: number;
  readonly firstUsedAt: Temporal.Instant | null;
  readonly createdAt: Temporal.Instant;
  readonly createdBy: string;
  readonly updatedAt: Temporal.Instant;
}

/** @throws Refusal PROMO_CODE_INVALID */
export function checkCode(written: string): void {
  if (!isTypeableCode(written)) throw invalid('code', 'A code has no spaces and no invisible characters.');
}

/**
 * Checks that a code may have these terms.
 * @throws Refusal PROMO_CODE_INVALID, ACTIVE_HOURS_INVALID, TIME_ZONE_UNKNOWN, CURRENCY_UNKNOWN or DATES_REVERSED,
 * naming the member
 */
export function checkTerms(terms: CodeTerms): void {
  checkBenefit(terms);
  checkHours(terms.activeHours);
  checkValidity(terms);
  if (terms.offersRule === 'some' && terms.offers.length === 0) {
    throw invalid('offers', 'A code for some offers must list them.');
  }
  if (terms.holdHours !== null && terms.kind !== 'discount') {
    throw invalid('hold_hours', 'Only a discount is held for unpaid orders.');
  }
  if (terms.offersRule === 'all' && terms.offers.length > 0) {
    throw invalid('offers_rule', 'A code that lists offers must state whether it is for them (some) or not (all_but).');
  }
}

/** @throws Refusal PROMO_CODE_INVALID */
export function checkPersons(audience: CodeTerms['audience'], persons: readonly string[]): void {
  if (persons.length > 0 && audience !== 'listed') {
    throw invalid('persons', 'Only a code with the audience “listed” may list persons.');
  }
}

/** A new code: unused, at version 1. */
export function unused(
  terms: CodeTerms,
  made: Pick<PromoCode, 'id' | 'code' | 'status' | 'batchId' | 'createdAt' | 'createdBy'>,
): PromoCode {
  return {
    ...terms,
    ...made,
    autoDeactivatedAt: null,
    used: 0,
    held: 0,
    givenMinor: 0,
    heldMinor: 0,
    version: 1,
    firstUsedAt: null,
    updatedAt: made.createdAt,
  };
}

/**
 * Checks when a code is valid, and on which days.
 * @throws Refusal PROMO_CODE_INVALID or DATES_REVERSED, naming the member
 */
export function checkValidity({
  validFrom,
  validUntil,
  days,
}: Pick<CodeTerms, 'validFrom' | 'validUntil' | 'days'>): void {
  if (validFrom && validUntil && Temporal.Instant.compare(validFrom, validUntil) >= 0) {
    throw new Refusal('DATES_REVERSED', 'valid_until must be later than valid_from.', { field: 'valid_until' });
  }
  if (new Set(days).size !== (days?.length ?? 0)) throw invalid('days', 'A day is listed twice.');
}

function checkBenefit(terms: CodeTerms): void {
  const { percentBp, amountMinor, capMinor, minimumMinor, budgetMinor, currency } = terms;
  if (percentBp === null && amountMinor === null)
    throw invalid('percent_bp', 'A code gives a percentage or an amount.');
  if (percentBp !== null && amountMinor !== null)
    throw invalid('amount_minor', 'A code gives a percentage or an amount, not both.');
  if (amountMinor !== null && capMinor !== null) throw invalid('cap_minor', 'Only a percentage has a cap.');
  if (currency !== null && !isCurrency(currency)) {
    throw new Refusal('CURRENCY_UNKNOWN', `${currency} is not a currency of ISO 4217.`, { field: 'currency' });
  }
  if (currency === null && [amountMinor, capMinor, minimumMinor, budgetMinor].some((money) => money !== null)) {
    throw invalid('currency', 'A code with amounts must have a currency.');
  }
}

/**
 * Whether the code was used or is held. From then on its kind and currency must stay, or its history would be
 * rewritten.
 */
function isInUse({ firstUsedAt, used, held }: PromoCode): boolean {
  return firstUsedAt !== null || used + held > 0;
}

/**
 * The code with other terms. A code that its limit or its validity ended becomes active again when that is raised. A
 * code whose limit is lowered to its uses ends, as it would have with the last of them.
 * @throws Refusal PROMO_CODE_STATUS_CONFLICT, PROMO_CODE_IN_USE, PROMO_CODE_LIMIT_BELOW_USES, and those of checkTerms
 */
export function changeCode(code: PromoCode, terms: CodeTerms, now: Temporal.Instant): PromoCode {
  if (code.status === 'archived') throw conflict(code, 'An archived code cannot be changed.');
  if (isInUse(code)) {
    if (terms.kind !== code.kind) throw inUse('kind');
    if (terms.currency !== code.currency) throw inUse('currency');
  }
  checkTerms(terms);
  const taken = code.used + code.held;
  if (terms.maxUses !== null && terms.maxUses < taken) throw belowUses('max_uses', taken);
  const spent = code.givenMinor + code.heldMinor;
  if (terms.budgetMinor !== null && terms.budgetMinor < spent) throw belowUses('budget_minor', spent);
  const changed = { ...code, ...terms, version: code.version + 1, updatedAt: now };
  const settles = code.status === 'active' || code.status === 'expired';
  return settles ? settled(changed, now) : changed;
}

/** @throws Refusal PROMO_CODE_STATUS_CONFLICT when the code has expired, is used up or is archived */
export function activateCode(code: PromoCode, now: Temporal.Instant): PromoCode {
  if (code.status === 'archived') throw conflict(code, 'An archived code cannot be activated.');
  const activated = settled({ ...code, version: code.version + 1, updatedAt: now }, now);
  if (activated.status !== 'active') {
    const says = activated.autoDeactivatedAt
      ? 'All uses of this code are taken: raise max_uses.'
      : 'This code has expired: move valid_until.';
    throw conflict(activated, says);
  }
  return code.status === 'active' ? code : activated;
}

/** @throws Refusal PROMO_CODE_STATUS_CONFLICT when it is archived */
export function pauseCode(code: PromoCode, now: Temporal.Instant): PromoCode {
  if (code.status === 'archived') throw conflict(code, 'An archived code cannot be paused.');
  return movedTo(code, 'paused', now);
}

/** Archives the code for good, so that another code may have its text. Its redemptions and holds stay. */
export function archiveCode(code: PromoCode, now: Temporal.Instant): PromoCode {
  return movedTo(code, 'archived', now);
}

function movedTo(code: PromoCode, status: CodeStatus, now: Temporal.Instant): PromoCode {
  if (code.status === status) return code;
  // A reversal re-activates only what the limit ended. From here on a person has decided, so nothing re-activates it.
  return { ...code, status, autoDeactivatedAt: null, version: code.version + 1, updatedAt: now };
}

/** Active, unless the code is used up or its validity has ended. */
function settled(code: PromoCode, now: Temporal.Instant): PromoCode {
  if (code.maxUses !== null && code.used >= code.maxUses && code.autoDeactivateOnMaxUses) {
    return { ...code, status: 'expired', autoDeactivatedAt: code.autoDeactivatedAt ?? now };
  }
  const isOver = code.validUntil !== null && Temporal.Instant.compare(code.validUntil, now) <= 0;
  return { ...code, status: isOver ? 'expired' : 'active', autoDeactivatedAt: null };
}

/** PROMO_CODE_NOT_FOUND */
export function codeNotFound(): Refusal {
  return new Refusal('PROMO_CODE_NOT_FOUND', 'This promo code does not exist.', { field: 'code_id' });
}

/** PROMO_CODE_TAKEN: a code that is not archived has this text, or one that folds alike. */
export function codeTaken(code: string): Refusal {
  return new Refusal(
    'PROMO_CODE_TAKEN',
    `The code ${code} exists already, or one that differs only in what people do not see when they type.`,
    {
      field: 'code',
    },
  );
}

/** @throws Refusal PROMO_CODE_CHANGED when the change was based on an older version of the code */
export function checkVersion({ version }: PromoCode, seen: number | undefined): void {
  if (seen === undefined || seen === version) return;
  throw new Refusal('PROMO_CODE_CHANGED', `This code was changed meanwhile: it is at version ${version}.`, {
    field: 'version',
    newest: version,
  });
}

function invalid(field: string, says: string): Refusal {
  return new Refusal('PROMO_CODE_INVALID', says, { field });
}

function inUse(field: string): Refusal {
  return new Refusal('PROMO_CODE_IN_USE', 'This code was used already: its kind and its currency cannot change.', {
    field,
  });
}

function belowUses(field: string, taken: number): Refusal {
  return new Refusal(
    'PROMO_CODE_LIMIT_BELOW_USES',
    `The limit cannot be lower than ${taken}, which are taken already.`,
    { field, taken },
  );
}

function conflict({ status }: PromoCode, says: string): Refusal {
  return new Refusal('PROMO_CODE_STATUS_CONFLICT', says, { status });
}
