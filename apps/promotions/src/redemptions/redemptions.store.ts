import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { codesMax } from '#contracts/promotions/promo-redemptions.js';
import { formatAuthor } from '#messaging/author.js';
import type { Cause } from '#messaging/envelope.js';
import { CompositeSet } from '#persistence/composite-set.js';
import type { Sql, Tx } from '#persistence/transaction.js';
import { CodeEntity } from '../codes/code.entity.js';
import { type RulesRow, rulesProperties } from '../codes/code.table.js';
import type { CodeRules, RulesEvaluation, Stage } from './domain/code-rules.js';
import type { LimitReason, Redemption } from './domain/redemption.js';
import { RedemptionEntity } from './redemption.entity.js';

/** A request for one redemption that the rules evaluated. The counters decide about it: see admit-redemptions.sql. */
export interface AdmissionRequest {
  readonly stage: Stage;
  /** Requests with the same number are admitted together or not at all; they stand side by side. */
  readonly group: number;
  readonly rules: CodeRules | null;
  /** The requested text or id, for the receipt of a code that does not exist. */
  readonly written: string;
  readonly receiptId: string;
  readonly redemptionId: string;
  /** The hold that this redemption redeems instead of taking a slot. */
  readonly redeemsHold: string | null;
  readonly personId: string;
  readonly offerId: string | null;
  readonly orderId: string | null;
  readonly conversionId: string | null;
  /** The outside system that the id of the conversion belongs to, if any. */
  readonly sender: string | null;
  readonly benefitMinor: number;
  readonly currency: string | null;
  readonly priceMinor: number | null;
  readonly revenueMinor: number;
  /** Held until its order or conversion is complete, or redeemed at once. */
  readonly held: boolean;
  /** False for a request that only checks whether there is a free slot. */
  readonly counted: boolean;
  readonly lapsesAt: Temporal.Instant | null;
  /** When the order expires at the latest. */
  readonly payBy: Temporal.Instant | null;
  readonly appliedAt: Temporal.Instant | null;
  readonly explanation: string;
  /** The reason code of the rules: nothing is taken, and the refusal has its receipt. */
  readonly ineligibility: string | null;
  readonly evaluation: RulesEvaluation | null;
  readonly cause: Cause | null;
}

/** `verdict` is null when the request was admitted; see admit-redemptions.sql for the others. */
export interface AdmissionVerdict {
  readonly verdict: string | null;
  readonly redemptionId: string;
}

/** The next state of a redemption. `revenueMinor` is what its order paid, for analytics. */
export interface StateChange {
  readonly redemptionId: string;
  readonly to: 'redeemed' | 'released' | 'lapsed' | 'reversed';
  readonly reason: string | null;
  readonly revenueMinor?: number | undefined;
  readonly cause: Cause | null | undefined;
}

/** The limit that a redemption would exceed now; null where it would exceed none. */
export interface LimitCheck {
  readonly limitReached: LimitReason | null;
}

/** A redemption whose state changed, and whether the counters of its code still include it. */
export interface ChangedRedemption
  extends Pick<
    Redemption,
    | 'redemptionId'
    | 'codeId'
    | 'code'
    | 'kind'
    | 'personId'
    | 'offerId'
    | 'orderId'
    | 'conversionId'
    | 'benefitMinor'
    | 'currency'
  > {
  /** The index of its state change, from 0. */
  readonly position: number;
  readonly keepsSlot: boolean;
}

/** A code and a person. */
interface CodeAndPerson {
  readonly codeId: string;
  readonly personId: string;
}

/**
 * Rules of codes, and redemptions. SQL functions change the counters: see admit-redemptions.sql. What holding,
 * redeeming and validating execute is constant SQL, which costs no compilation; the rest are typed queries.
 */
@Injectable()
export class RedemptionsStore {
  /**
   * The rules of the codes that these folded texts or ids name, by text and by id. A text names the code that is not
   * archived, else the newest archived one.
   */
  async findRules(on: Sql, folded: readonly string[], codeIds: readonly string[]): Promise<Map<string, CodeRules>> {
    const rows = await on.query<RulesRow & { folded: string }>(
      `select folded, id, code, version, status, auto_deactivated_at as "autoDeactivatedAt", owner_id as "ownerId", kind,
         percent_bp as "percentBp", amount_minor as "amountMinor", cap_minor as "capMinor",
         minimum_minor as "minimumMinor", currency, valid_from as "validFrom", valid_until as "validUntil",
         active_hours as "activeHours", days, max_uses as "maxUses", max_uses_per_person as "maxUsesPerPerson",
         max_uses_per_offer as "maxUsesPerOffer", budget_minor as "budgetMinor", offers_rule as "offersRule", offers,
         audience, stacking, precedence, counts_on as "countsOn",
         hold_hours as "holdHours", hold_past_validity as "holdPastValidity"
       from promo_code where folded = any ($1::text[]) or id = any ($2::uuid[])`,
      [folded, codeIds],
    );
    const found = new Map<string, CodeRules>();
    for (const { folded: text, ...rules } of rows) {
      found.set(rules.id, rules);
      const other = found.get(text);
      if (!other || takesTextFrom(rules, other)) found.set(text, rules);
    }
    return found;
  }

  /**
   * Of these pairs, those where the code lists the person, as `code person`; and of the persons, those who have closed
   * an order.
   */
  async audience(
    on: Sql,
    pairs: readonly CodeAndPerson[],
  ): Promise<{ listed: Set<string>; withClosedOrder: Set<string> }> {
    const [row] = await on.query<{ listed: string[] | null; with_closed_order: string[] | null }>(
      `select
         (select array_agg(l.code_id || ' ' || l.person_id) from promo_code_person l
           where (l.code_id, l.person_id) in (select * from unnest($1::uuid[], $2::uuid[]))) as listed,
         (select array_agg(p.id) from person p where p.id = any ($2::uuid[]) and p.has_closed_order) as with_closed_order`,
      columnsOf(pairs),
    );
    return { listed: new Set(row?.listed), withClosedOrder: new Set(row?.with_closed_order) };
  }

  /**
   * Of these pairs, those where the person holds the code, as `code person`: has applied it, is listed for it or has a
   * slot of it. The statement is the same for codes that do not exist.
   */
  async holders(on: Sql, pairs: readonly CodeAndPerson[]): Promise<Set<string>> {
    const rows = await on.query<{ pair: string }>(
      `select k.code_id || ' ' || k.person_id as pair
       from (select distinct * from unnest($1::uuid[], $2::uuid[]) as k (code_id, person_id)) k
       where exists (select from promo_application a where a.code_id = k.code_id and a.person_id = k.person_id)
         or exists (select from promo_code_person l where l.code_id = k.code_id and l.person_id = k.person_id)
         or exists (select from promo_code_person_usage u where u.code_id = k.code_id and u.person_id = k.person_id)`,
      columnsOf(pairs),
    );
    return new Set(rows.map(({ pair }) => pair));
  }

  /** Of these, the bonus codes that the person applied and can convert, as `folded person`, with their hold if any. */
  async appliedBonusCodes(
    on: Sql,
    wanted: readonly { folded: string; personId: string }[],
  ): Promise<Map<string, { readonly redemptionId: string | null }>> {
    const rows = await on.query<{ applied: string; redemption_id: string | null }>(
      `select c.folded || ' ' || a.person_id as applied, a.redemption_id
       from (select distinct * from unnest($1::text[], $2::uuid[]) as k (folded, person_id)) k
       cross join lateral (
         -- The code that the text names, by promo_code_text: see takesTextFrom.
         select p.id, p.folded, p.kind from promo_code p where p.folded = k.folded
         order by case when p.status = 'archived' then p.id end desc limit 1
       ) c
       join promo_application a on a.code_id = c.id and a.person_id = k.person_id
       where c.kind = 'bonus' and a.state = 'applied'`,
      [wanted.map(({ folded }) => folded), wanted.map(({ personId }) => personId)],
    );
    return new Map(rows.map(({ applied, redemption_id: redemptionId }) => [applied, { redemptionId }]));
  }

  /** One check for each, in order, as if it came alone. Null where there is no such code. */
  async limitChecks(
    on: Sql,
    wanted: readonly {
      codeId: string | null;
      personId: string;
      offerId: string;
      benefitMinor: number;
      hasSlot: boolean;
    }[],
  ): Promise<(LimitCheck | null)[]> {
    const rows = await on.query<{ exists: boolean; limit_reached: LimitReason | null }>(
      `select c.id is not null as exists, limit_reached(
         has_slot => w."hasSlot", uses => c.used + c.held, max_uses => c.max_uses,
         person_uses => coalesce((select u.uses from promo_code_person_usage u
           where u.code_id = w."codeId" and u.person_id = w."personId"), 0), max_uses_per_person => c.max_uses_per_person,
         new_person_uses => case when c.audience = 'new_persons' then
           (select u.uses from new_person_usage u where u.person_id = w."personId") end,
         offer_uses => coalesce((select u.uses from promo_code_offer_usage u
           where u.code_id = w."codeId" and u.offer_id = w."offerId"), 0), max_uses_per_offer => c.max_uses_per_offer,
         given_minor => c.given_minor + c.held_minor + w."benefitMinor", budget_minor => c.budget_minor
       ) as limit_reached
       from json_to_recordset($1::json) as w
         (position integer, "codeId" uuid, "personId" uuid, "offerId" text, "benefitMinor" bigint, "hasSlot" boolean)
       left join promo_code c on c.id = w."codeId"
       order by w.position`,
      [JSON.stringify(wanted.map((one, position) => ({ ...one, position })))],
    );
    return rows.map(({ exists, limit_reached: limitReached }) => (exists ? { limitReached } : null));
  }

  /** One verdict for each request, in order. */
  async admit(on: Sql, requests: readonly AdmissionRequest[], at: Temporal.Instant): Promise<AdmissionVerdict[]> {
    if (requests.length === 0) return [];
    const rows = await on.query<{ verdict: string | null; redemption_id: string }>(
      `select verdict, redemption_id from admit_redemptions($1, $2) order by position`,
      [new CompositeSet('admission_request', requests.map(admissionRequestOf)), at],
    );
    return rows.map(({ verdict, redemption_id: redemptionId }) => ({ verdict, redemptionId }));
  }

  /** The redemptions whose state could change, with their new state. */
  async changeStates(on: Sql, changes: readonly StateChange[], at: Temporal.Instant): Promise<ChangedRedemption[]> {
    if (changes.length === 0) return [];
    return on.query<ChangedRedemption>(
      `select position, redemption_id as "redemptionId", code_id as "codeId", code, kind, person_id as "personId",
         offer_id as "offerId", order_id as "orderId", conversion_id as "conversionId", benefit_minor as "benefitMinor",
         currency, keeps_slot as "keepsSlot"
       from change_redemption_states($1, $2)`,
      [new CompositeSet('state_change', changes.map(stateChangeOf)), at],
    );
  }

  /** In the order in which they were applied. One look-up per order, so that a plan for an empty table stays good. */
  async ofOrders(on: Sql, orderIds: readonly string[]): Promise<Redemption[]> {
    return on.query<Redemption>(
      `select u.id as "redemptionId", u.code_id as "codeId", c.code, c.kind, u.person_id as "personId",
         u.offer_id as "offerId", u.order_id as "orderId", u.conversion_id as "conversionId", u.state,
         u.benefit_minor as "benefitMinor", u.currency, u.price_minor as "priceMinor", u.explanation,
         u.lapses_at as "lapsesAt", u.pay_by as "payBy"
       from (select distinct unnest($1::uuid[])) o (id)
       cross join lateral (select * from redemption v where v.order_id = o.id offset 0) u
       join promo_code c on c.id = u.code_id
       order by u.order_id, c.precedence, c.id`,
      [orderIds],
    );
  }

  /** As `ofOrders`, for conversions: their ids and senders. */
  async ofConversions(
    on: Pick<Tx, 'kysely'>,
    conversions: readonly { readonly id: string; readonly sender: string | null }[],
  ): Promise<(Redemption & { readonly sender: string | null })[]> {
    const ids = conversions.map(({ id }) => id);
    const senders = conversions.map(({ sender }) => sender ?? '');
    const rows = await on
      .kysely(RedemptionEntity, CodeEntity)
      .selectFrom('redemption')
      .innerJoin('promo_code', 'promo_code.id', 'redemption.codeId')
      .select([
        'redemption.id as redemptionId',
        'redemption.codeId',
        'promo_code.code',
        'promo_code.kind',
        'redemption.personId',
        'redemption.offerId',
        'redemption.orderId',
        'redemption.conversionId',
        'redemption.sender',
        'redemption.state',
        'redemption.benefitMinor',
        'redemption.currency',
        'redemption.priceMinor',
        'redemption.explanation',
        'redemption.lapsesAt',
        'redemption.payBy',
      ])
      .where('redemption.conversionId', '=', sql<string>`any (${ids}::text[])`)
      .where(sql<boolean>`(conversion_id, sender) in (select * from unnest(${ids}::text[], ${senders}::text[]))`)
      .orderBy('redemption.conversionId')
      .orderBy('promo_code.id')
      .execute();
    return rows.map((row) => ({ ...row, sender: row.sender || null }));
  }

  /**
   * For transactions that admit in several calls: each call locks its codes, and all of them lock in the order of ids.
   * @returns the rules by id, which stay as they are while the locks are held
   */
  async lockCodes(tx: Tx, codeIds: readonly string[]): Promise<Map<string, CodeRules>> {
    const rows: RulesRow[] = await tx
      .kysely(CodeEntity)
      .selectFrom('promo_code')
      .select(rulesProperties)
      .where('id', '=', sql<string>`any (${[...new Set(codeIds)]}::uuid[])`)
      .orderBy('id')
      .forUpdate()
      .execute();
    return new Map(rows.map((row) => [row.id, row]));
  }

  /**
   * As `lockCodes`, and after it: locks the slots that these persons have of all codes for new persons, in the order of
   * the persons.
   */
  async lockNewPersons(on: Sql, personIds: readonly string[]): Promise<void> {
    if (personIds.length > 0) await on.query('select lock_new_persons($1::uuid[])', [personIds]);
  }

  /** Holds of these orders no longer lapse. */
  async pin(on: Sql, orderIds: readonly string[]): Promise<void> {
    await lapseAt(on, orderIds, null);
  }

  /** Holds of these orders lapse at `lapsesAt`, because they were requested again. */
  async extend(on: Sql, orderIds: readonly string[], lapsesAt: Temporal.Instant): Promise<void> {
    await lapseAt(on, orderIds, lapsesAt);
  }

  /** Orders of holds that are due to lapse, the oldest first: at most `max`. */
  async overdueOrders(on: Sql, at: Temporal.Instant, max: number): Promise<string[]> {
    const rows = await on.query<{ order_id: string }>(
      `select order_id from (
         select order_id, min(lapses_at) as lapses_at from (
           select order_id, lapses_at from redemption
           where state = 'held' and lapses_at <= $1 and order_id is not null order by lapses_at limit $3
         ) due group by order_id
       ) orders order by lapses_at limit $2`,
      [at, max, max * codesMax],
    );
    return rows.map(({ order_id: orderId }) => orderId);
  }
}

/** Whether a text that both codes have names `one`: the code that is not archived, else the newer one. */
function takesTextFrom(one: CodeRules, other: CodeRules): boolean {
  if (one.status !== 'archived') return true;
  return other.status === 'archived' && one.id > other.id;
}

/** Sets when the holds of these orders lapse, null for never; pinned holds stay pinned. Locks in the order of ids. */
async function lapseAt(on: Sql, orderIds: readonly string[], lapsesAt: Temporal.Instant | null): Promise<void> {
  await on.query(
    `update redemption u set lapses_at = $2
     from (
       select id from redemption where order_id = any ($1::uuid[]) and state = 'held' and lapses_at is not null
       order by id for update
     ) held
     where u.id = held.id`,
    [orderIds, lapsesAt],
  );
}

/** An item of the composite type `admission_request`. */
function admissionRequestOf({ rules, written, group, held, counted, evaluation, cause, ...request }: AdmissionRequest) {
  return {
    ...request,
    groupNo: group,
    codeId: rules?.id,
    code: rules?.code ?? written,
    version: rules?.version,
    isHeld: held,
    isCounted: counted,
    sender: request.sender ?? '',
    forNewPerson: rules?.audience === 'new_persons',
    localTime: evaluation?.hours.localTime,
    timezone: evaluation?.hours.timezone,
    trace: evaluation?.trace ?? [],
    ...causationOf(cause),
  };
}

/** An item of the composite type `state_change`. Positions count from 0, as those of the result. */
function stateChangeOf({ to, revenueMinor, cause, ...change }: StateChange, position: number) {
  return { ...change, position, state: to, revenueMinor: revenueMinor ?? 0, ...causationOf(cause) };
}

function causationOf(cause: Cause | null | undefined) {
  return {
    traceparent: cause?.traceparent,
    correlationId: cause?.correlationId,
    causationId: cause?.id,
    author: cause?.author && formatAuthor(cause.author),
  };
}

function columnsOf(pairs: readonly CodeAndPerson[]): [string[], string[]] {
  return [pairs.map(({ codeId }) => codeId), pairs.map(({ personId }) => personId)];
}
