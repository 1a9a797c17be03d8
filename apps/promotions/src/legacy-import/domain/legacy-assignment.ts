import { idFrom, isId } from '#kernel/ids.js';
import type { PlainObject } from '../reading/extended-json.js';
import { Fields } from '../reading/fields.js';
import type { Reading } from './legacy-code.js';

/** One redemption of a code by the person who has it: a completed offer, or an earned bonus. */
export interface LegacyRedemption {
  /** Identifies the redemption in any order of the file: a repeat has the same key. */
  readonly key: string;
  readonly offerId: string | null;
  readonly offerName: string | null;
  readonly appliedAt: Temporal.Instant | null;
  /** In major units; null where no bonus is stated. */
  readonly bonus: number | string | null;
  readonly currency: string | null;
  readonly conversionId: string | null;
}

/** An assignment of a code to a person, with the redemptions. */
export interface LegacyAssignment {
  readonly personId: string;
  readonly username: string | null;
  readonly email: string | null;
  /** The code by its id in the legacy system, or by its text. */
  readonly code: { readonly legacyId: string } | { readonly written: string };
  readonly appliedAt: Temporal.Instant | null;
  readonly redemptions: readonly LegacyRedemption[];
}

/** The id of a legacy user in this system: the same if it is a UUID, else one that is derived from it. */
export function idOfLegacyUser(legacyId: string): string {
  return isId(legacyId) ? legacyId.toLowerCase() : idFrom('legacy-system', 'user', legacyId);
}

const objectId = /^[0-9a-f]{24}$/;

/** Reads one document of the export that assigns a code to a person. @returns the assignment, or its faults. */
export function readLegacyAssignment(document: PlainObject): Reading<LegacyAssignment> {
  const fields = new Fields(document);
  const notes: string[] = [];
  const embedded = typeof fields.find('user')?.value === 'object' ? fields.object('user') : null;
  const user =
    embedded?.text('id') ??
    fields.text('user_id', 'person_id', ...(embedded ? [] : ['user'])) ??
    fields.fault('user_id', 'is missing');
  const named = fields.text('promo_code_id', 'promo_id', 'code_id') ?? fields.text('promo_code', 'code');
  if (named === null) fields.fault('promo_code_id', 'is missing');
  const appliedAt = fields.instant('applied_at', 'activated_at', 'created_at');
  const redemptions = redemptionsOf(fields, notes);
  if (fields.faults.length > 0 || user === null || named === null) return { faults: fields.faults };
  return {
    record: {
      personId: idOfLegacyUser(user),
      username: embedded?.text('username') ?? fields.text('username', 'user_name'),
      email: embedded?.text('email') ?? fields.text('email', 'user_email'),
      code: objectId.test(named) ? { legacyId: named } : { written: named },
      appliedAt,
      redemptions,
    },
    notes,
  };
}

interface Part {
  readonly id: string | null;
  readonly offerId: string | null;
  readonly offerName: string | null;
  readonly at: Temporal.Instant | null;
  readonly bonus: number | string | null;
  readonly currency: string | null;
  readonly conversionId: string | null;
  readonly status: string | null;
}

/** An entry with one of these statuses is not a redemption. */
const undone = /^(pending|rejected|cancell?ed|failed|reversed|refunded|declined|void(ed)?)$/i;

/**
 * Applications and earnings describe the same redemptions from two sides. They are matched by conversion id, else by
 * offer in their order. An earning without an application is a redemption by itself.
 */
function redemptionsOf(fields: Fields, notes: string[]): LegacyRedemption[] {
  const valid = (name: string, parts: readonly Part[]) =>
    parts.filter((part, index) => {
      if (!part.status || !undone.test(part.status)) return true;
      notes.push(`${name}[${index}]: ${part.status}, so it is not a redemption`);
      return false;
    });
  const applications = valid('offer_applications', fields.objects('offer_applications').map(partOf));
  const earnings = valid('bonus_earnings', fields.objects('bonus_earnings').map(partOf));

  const left = [...earnings];
  const take = (fits: (earning: Part) => boolean) => {
    const at = left.findIndex(fits);
    return at < 0 ? undefined : left.splice(at, 1)[0];
  };
  // By conversion first: an earning must not be matched by offer if a later application has its conversion.
  const exact = applications.map(({ conversionId }) =>
    conversionId ? take((earning) => earning.conversionId === conversionId) : undefined,
  );
  const pairs = applications.map((application, index): [Part, Part | undefined] => [
    application,
    exact[index] ??
      take(
        ({ offerId, conversionId }) =>
          offerId === application.offerId && (conversionId === null || application.conversionId === null),
      ),
  ]);
  const seen = new Map<string, number>();
  return [...pairs, ...left.map((earning): [Part, undefined] => [earning, undefined])].map(([part, earning]) => {
    const redemption = {
      offerId: part.offerId ?? earning?.offerId ?? null,
      offerName: part.offerName ?? earning?.offerName ?? null,
      appliedAt: part.at ?? earning?.at ?? null,
      // The earned bonus outweighs the promised one.
      bonus: earning?.bonus ?? part.bonus,
      currency: earning?.currency ?? part.currency,
      conversionId: part.conversionId ?? earning?.conversionId ?? null,
    };
    const key = keyOf(part);
    const nth = (seen.get(key) ?? 0) + 1;
    seen.set(key, nth);
    // A conversion is one redemption, also if it is listed repeatedly. Entries without an id are distinguished by
    // count.
    return { key: nth > 1 && part.conversionId === null ? `${key} #${nth}` : key, ...redemption };
  });
}

/** From the entry alone: a later export may add the earning of an application, which stays the same redemption. */
function keyOf({ id, conversionId, offerId, at }: Part): string {
  if (conversionId !== null) return `conversion ${conversionId}`;
  return id === null ? `offer ${offerId} at ${at}` : `entry ${id}`;
}

function partOf(fields: Fields): Part {
  const offer = fields.find('offer');
  const embedded = typeof offer?.value === 'object' ? fields.object('offer') : null;
  return {
    id: fields.text('id'),
    offerId: embedded?.text('id') ?? fields.text('offer_id', ...(embedded ? [] : ['offer'])),
    offerName: embedded?.text('name', 'title') ?? fields.text('offer_name', 'offer_title'),
    at: fields.instant('applied_at', 'earned_at', 'completed_at', 'converted_at', 'created_at', 'date', 'timestamp'),
    bonus: fields.decimal('bonus_earned', 'bonus_amount', 'amount', 'bonus', 'earned'),
    currency: fields.text('currency', 'currency_code')?.toUpperCase() ?? null,
    conversionId: fields.text('conversion_id', 'transaction_id'),
    status: fields.text('status', 'state'),
  };
}
