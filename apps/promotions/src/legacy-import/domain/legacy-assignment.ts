import { idFrom, isId } from '#kernel/ids.js';
import type { PlainObject } from '../reading/extended-json.js';
import { Fields } from '../reading/fields.js';
import type { Reading } from './legacy-code.js';

/** One use of a code by its holder: an offer that was completed, or a bonus that was earned. */
export interface LegacyUse {
  /** What makes it this use and no other, whatever order a file has: a repeat of it is the same. */
  readonly key: string;
  readonly offerId: string | null;
  readonly offerName: string | null;
  readonly appliedAt: Temporal.Instant | null;
  /** In major units; null where nothing is said of a bonus. */
  readonly bonus: number | string | null;
  readonly currency: string | null;
  readonly conversionId: string | null;
}

/** That a person holds a code, and what they used it for. */
export interface LegacyAssignment {
  readonly personId: string;
  readonly username: string | null;
  readonly email: string | null;
  /** The code by its own id in the former system, or as it is written. */
  readonly code: { readonly formerId: string } | { readonly written: string };
  readonly appliedAt: Temporal.Instant | null;
  readonly uses: readonly LegacyUse[];
}

/** The id here of a person there: their own where it is a UUID, else one that follows from it. */
export function idOfLegacyUser(formerId: string): string {
  return isId(formerId) ? formerId.toLowerCase() : idFrom('former-system', 'user', formerId);
}

const objectId = /^[0-9a-f]{24}$/;

/** One document of the export that says who holds a code, or the faults for which it is none. */
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
  const uses = usesOf(fields, notes);
  if (fields.faults.length > 0 || user === null || named === null) return { faults: fields.faults };
  return {
    record: {
      personId: idOfLegacyUser(user),
      username: embedded?.text('username') ?? fields.text('username', 'user_name'),
      email: embedded?.text('email') ?? fields.text('email', 'user_email'),
      code: objectId.test(named) ? { formerId: named } : { written: named },
      appliedAt,
      uses,
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

/** What never came to be, or was undone, is no use. */
const undone = /^(pending|rejected|cancell?ed|failed|reversed|refunded|declined|void(ed)?)$/i;

/**
 * Applications and earnings tell of the same uses from two sides. They belong together by their conversion id, or else
 * by their offer, in order; an earning without an application is a use by itself.
 */
function usesOf(fields: Fields, notes: string[]): LegacyUse[] {
  const standing = (name: string, parts: readonly Part[]) =>
    parts.filter((part, index) => {
      if (!part.status || !undone.test(part.status)) return true;
      notes.push(`${name}[${index}]: ${part.status}, so it is no use`);
      return false;
    });
  const applications = standing('offer_applications', fields.objects('offer_applications').map(partOf));
  const earnings = standing('bonus_earnings', fields.objects('bonus_earnings').map(partOf));

  const left = [...earnings];
  const take = (fits: (earning: Part) => boolean) => {
    const at = left.findIndex(fits);
    return at < 0 ? undefined : left.splice(at, 1)[0];
  };
  // By conversion first, so that no earning is taken by its offer whose own application comes later.
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
    const use = {
      offerId: part.offerId ?? earning?.offerId ?? null,
      offerName: part.offerName ?? earning?.offerName ?? null,
      appliedAt: part.at ?? earning?.at ?? null,
      // What was earned outweighs what was promised.
      bonus: earning?.bonus ?? part.bonus,
      currency: earning?.currency ?? part.currency,
      conversionId: part.conversionId ?? earning?.conversionId ?? null,
    };
    const key = keyOf(part);
    const nth = (seen.get(key) ?? 0) + 1;
    seen.set(key, nth);
    // A conversion is one use however often it is noted; things without any mark of their own are told apart by count.
    return { key: nth > 1 && part.conversionId === null ? `${key} #${nth}` : key, ...use };
  });
}

/**
 * By its own marks alone: what was earned for an application may be told by a later export, and it is the same use
 * then.
 */
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
