import { Injectable } from '@nestjs/common';
import { codesMax } from '#contracts/promo-redemptions.js';
import type { Cause } from '#messaging/envelope.js';
import type { Sql, Tx } from '#persistence/transaction.js';
import { type RulesRow, rulesColumns } from '../codes/code.table.js';
import type { CodeKind } from '../codes/domain/code.js';
import type { CodeRules, RulesEvaluation, Stage } from './domain/code-rules.js';

/** One use that is wished for, decided by the rules. The counters have the last word. */
export interface AdmissionRequest {
  readonly stage: Stage;
  /** Wishes with the same number are admitted together or not at all; they stand side by side. */
  readonly group: number;
  readonly rules: CodeRules | null;
  /** As it was asked for, where there is no such code. */
  readonly written: string;
  readonly receiptId: string;
  readonly redemptionId: string;
  /** A held use that this one redeems in place of taking a slot. */
  readonly redeemsHold: string | null;
  readonly personId: string;
  readonly offerId: string | null;
  readonly orderId: string | null;
  readonly conversionId: string | null;
  readonly benefitMinor: number;
  readonly currency: string | null;
  readonly priceMinor: number | null;
  readonly revenueMinor: number;
  /** Held until something else happens, or redeemed at once. */
  readonly held: boolean;
  /** One that is not only asks whether there would be room. */
  readonly counted: boolean;
  readonly lapsesAt: Temporal.Instant | null;
  readonly appliedAt: Temporal.Instant | null;
  readonly explanation: string;
  /** What the rules objected to: nothing is taken, and the refusal leaves its receipt. */
  readonly ineligibility: string | null;
  readonly evaluation: RulesEvaluation | null;
  readonly cause: Cause | null;
}

/** Null when it was admitted; see the SQL function for the rest. */
export interface AdmissionVerdict {
  readonly verdict: string | null;
  /** The use that it became. */
  readonly redemptionId: string;
}

/** A use of a code, as it stands. */
export interface Redemption {
  readonly redemptionId: string;
  readonly codeId: string;
  readonly code: string;
  readonly kind: CodeKind;
  readonly personId: string;
  readonly offerId: string | null;
  readonly orderId: string | null;
  readonly conversionId: string | null;
  readonly state: 'held' | 'redeemed' | 'released' | 'lapsed' | 'reversed';
  readonly benefitMinor: number;
  readonly currency: string | null;
  readonly priceMinor: number | null;
  readonly explanation: string;
  readonly lapsesAt: Temporal.Instant | null;
}

/** What is to become of a use. `revenueMinor` is what its order paid, for analytics. */
export interface StateChange {
  readonly redemptionId: string;
  readonly to: 'redeemed' | 'released' | 'lapsed' | 'reversed';
  readonly reason: string | null;
  readonly revenueMinor?: number | undefined;
  readonly cause: Cause | null | undefined;
}

/** Whether a use would find room, as things stand: `met` is the limit that it would meet. */
export interface LimitCheck {
  readonly limitReached: string | null;
}

/** A use that went on, and whether it still counts in its code. */
export interface ChangedRedemption
  extends Pick<
    Redemption,
    'redemptionId' | 'codeId' | 'code' | 'kind' | 'personId' | 'offerId' | 'orderId' | 'conversionId'
  > {
  /** Its place among the moves, from 0. */
  readonly position: number;
  readonly benefitMinor: number;
  readonly currency: string | null;
  readonly keepsSlot: boolean;
}

interface RedemptionRow {
  id: string;
  code_id: string;
  code: string;
  kind: CodeKind;
  person_id: string;
  offer_id: string | null;
  order_id: string | null;
  conversion_id: string | null;
  state: Redemption['state'];
  benefit_minor: number;
  currency: string | null;
  price_minor: number | null;
  explanation: string;
  lapses_at: Temporal.Instant | null;
}

const redemptionColumns = `u.id, u.code_id, c.code, c.kind, u.person_id, u.offer_id, u.order_id, u.conversion_id, u.state,
  u.benefit_minor, u.currency, u.price_minor, u.explanation, u.lapses_at`;

/** The fields of `use_wish`, in its order. */
const requestFields: readonly [
  name: string,
  type: string,
  of: (request: AdmissionRequest, index: number) => unknown,
][] = [
  ['place', 'integer', (_, index) => index + 1],
  ['party', 'integer', ({ group }) => group],
  ['what', 'text', ({ stage }) => stage],
  ['code_id', 'uuid', ({ rules }) => rules?.id ?? null],
  ['code', 'text', ({ rules, written }) => rules?.code ?? written],
  ['version', 'integer', ({ rules }) => rules?.version ?? null],
  ['receipt_id', 'uuid', ({ receiptId }) => receiptId],
  ['use_id', 'uuid', ({ redemptionId }) => redemptionId],
  ['takes', 'uuid', ({ redeemsHold }) => redeemsHold],
  ['person_id', 'uuid', ({ personId }) => personId],
  ['offer_id', 'text', ({ offerId }) => offerId],
  ['order_id', 'uuid', ({ orderId }) => orderId],
  ['conversion_id', 'text', ({ conversionId }) => conversionId],
  ['benefit_minor', 'bigint', ({ benefitMinor }) => benefitMinor],
  ['currency', 'text', ({ currency }) => currency],
  ['price_minor', 'bigint', ({ priceMinor }) => priceMinor],
  ['revenue_minor', 'bigint', ({ revenueMinor }) => revenueMinor],
  ['held', 'boolean', ({ held }) => held],
  ['counted', 'boolean', ({ counted }) => counted],
  ['lapses_at', 'timestamptz', ({ lapsesAt }) => lapsesAt],
  ['applied_at', 'timestamptz', ({ appliedAt }) => appliedAt],
  ['explanation', 'text', ({ explanation }) => explanation],
  ['refused', 'text', ({ ineligibility }) => ineligibility],
  ['local_time', 'text', ({ evaluation }) => evaluation?.hours.localTime ?? null],
  ['timezone', 'text', ({ evaluation }) => evaluation?.hours.timezone ?? null],
  ['trace', 'jsonb', ({ evaluation }) => JSON.stringify(evaluation?.trace ?? [])],
  ['traceparent', 'text', ({ cause }) => cause?.traceparent ?? null],
  ['correlation_id', 'text', ({ cause }) => cause?.correlationId ?? null],
  ['causation_id', 'text', ({ cause }) => cause?.id ?? null],
];

const requestNames = requestFields.map(([name]) => name).join(', ');
const requestArrays = requestFields.map(([, type], index) => `$${index + 2}::${type}[]`).join(', ');
const admitStatement = `select verdict, use_id from admit_uses(array(
  select row(${requestNames})::use_wish from unnest(${requestArrays}) as request (${requestNames})), $1) order by place`;

/** Codes as they decide, and the uses made of them. What is counted is changed by SQL functions (admission.sql.ts). */
@Injectable()
export class RedemptionsStore {
  /** The codes that are written so or have these ids, by folded code and by id. */
  async findRules(sql: Sql, folded: readonly string[], codeIds: readonly string[]): Promise<Map<string, CodeRules>> {
    const rows = await sql.query<RulesRow & { folded: string }>(
      `select folded, ${rulesColumns} from promo_code where folded = any ($1::text[]) or id = any ($2::uuid[])`,
      [folded, codeIds],
    );
    return new Map(rows.flatMap(({ folded: text, ...rules }) => [[text, rules] as const, [rules.id, rules] as const]));
  }

  /**
   * Of these pairs, those where the code lists the person, as `code person`; and of the persons those who are not new.
   */
  async audience(
    sql: Sql,
    pairs: readonly { codeId: string; personId: string }[],
  ): Promise<{ listed: Set<string>; withClosedOrder: Set<string> }> {
    const [row] = await sql.query<{ listed: string[] | null; known: string[] | null }>(
      `select
         (select array_agg(l.code_id || ' ' || l.person_id) from promo_code_person l
           where (l.code_id, l.person_id) in (select * from unnest($1::uuid[], $2::uuid[]))) as listed,
         (select array_agg(p.id) from person p where p.id = any ($2::uuid[]) and p.has_closed_order) as known`,
      [pairs.map(({ codeId }) => codeId), pairs.map(({ personId }) => personId)],
    );
    return { listed: new Set(row?.listed), withClosedOrder: new Set(row?.known) };
  }

  /**
   * Of these pairs, those where the person holds the code, as `code person`: has taken it, is listed for it or has used
   * it. Asked in the same way for codes that do not exist.
   */
  async holders(sql: Sql, pairs: readonly { codeId: string; personId: string }[]): Promise<Set<string>> {
    const rows = await sql.query<{ pair: string }>(
      `select k.code_id || ' ' || k.person_id as pair
       from (select distinct * from unnest($1::uuid[], $2::uuid[]) as k (code_id, person_id)) k
       where exists (select from promo_application a where a.code_id = k.code_id and a.person_id = k.person_id)
         or exists (select from promo_code_person l where l.code_id = k.code_id and l.person_id = k.person_id)
         or exists (select from promo_code_person_use u where u.code_id = k.code_id and u.person_id = k.person_id)`,
      [pairs.map(({ codeId }) => codeId), pairs.map(({ personId }) => personId)],
    );
    return new Set(rows.map(({ pair }) => pair));
  }

  /**
   * Of these, the bonus codes that the person has taken and can convert, as `folded person`, with the slot that is kept
   * for them if one is.
   */
  async appliedBonusCodes(
    sql: Sql,
    wanted: readonly { folded: string; personId: string }[],
  ): Promise<Map<string, { readonly redemptionId: string | null }>> {
    const rows = await sql.query<{ taken: string; use_id: string | null }>(
      `select c.folded || ' ' || a.person_id as taken, a.use_id
       from (select distinct * from unnest($1::text[], $2::uuid[]) as k (folded, person_id)) k
       join promo_code c on c.folded = k.folded and c.kind = 'bonus'
       join promo_application a on a.code_id = c.id and a.person_id = k.person_id and a.state = 'applied'`,
      [wanted.map(({ folded }) => folded), wanted.map(({ personId }) => personId)],
    );
    return new Map(rows.map(({ taken, use_id: redemptionId }) => [taken, { redemptionId }]));
  }

  /** One for each, in order: whether it would find room by itself. Null where there is no such code. */
  async limitChecks(
    sql: Sql,
    wanted: readonly {
      codeId: string | null;
      personId: string;
      offerId: string;
      benefitMinor: number;
      hasSlot: boolean;
    }[],
  ): Promise<(LimitCheck | null)[]> {
    const rows = await sql.query<{ exists: boolean; limitReached: string | null }>(
      `select c.id is not null as exists, case when not w.has_slot and c.used + c.held >= c.max_uses then 'PROMO_CODE_USED_UP'
         when not w.has_slot and p.uses >= c.max_uses_per_person then 'PROMO_CODE_PERSON_LIMIT'
         when o.uses >= c.max_uses_per_offer then 'PROMO_CODE_OFFER_LIMIT'
         when c.given_minor + c.held_minor + w.benefit_minor > c.budget_minor then 'PROMO_CODE_BUDGET_SPENT'
       end as "limitReached"
       from unnest($1::uuid[], $2::uuid[], $3::text[], $4::bigint[], $5::boolean[]) with ordinality
         as w (code_id, person_id, offer_id, benefit_minor, has_slot, place)
       left join promo_code c on c.id = w.code_id
       cross join lateral (select coalesce((select u.uses from promo_code_person_use u
         where u.code_id = w.code_id and u.person_id = w.person_id), 0) as uses) p
       cross join lateral (select coalesce((select u.uses from promo_code_offer_use u
         where u.code_id = w.code_id and u.offer_id = w.offer_id), 0) as uses) o
       order by w.place`,
      [
        wanted.map(({ codeId }) => codeId),
        wanted.map(({ personId }) => personId),
        wanted.map(({ offerId }) => offerId),
        wanted.map(({ benefitMinor }) => benefitMinor),
        wanted.map(({ hasSlot }) => hasSlot),
      ],
    );
    return rows.map(({ exists, limitReached }) => (exists ? { limitReached } : null));
  }

  /** One verdict for each request, in order. */
  async admit(sql: Sql, requests: readonly AdmissionRequest[], at: Temporal.Instant): Promise<AdmissionVerdict[]> {
    if (requests.length === 0) return [];
    const rows = await sql.query<{ verdict: string | null; use_id: string }>(admitStatement, [
      at,
      ...requestFields.map(([, , of]) => requests.map(of)),
    ]);
    return rows.map(({ verdict, use_id: redemptionId }) => ({ verdict, redemptionId }));
  }

  /** Those that could go on, with what they were. */
  async changeStates(sql: Sql, moves: readonly StateChange[], at: Temporal.Instant): Promise<ChangedRedemption[]> {
    if (moves.length === 0) return [];
    const rows = await sql.query<RedemptionRow & { place: number; use_id: string; keeps_slot: boolean }>(
      `select * from move_uses(array(
         select row(m.*)::use_move from unnest($2::integer[], $3::uuid[], $4::text[], $5::text[], $6::bigint[],
           $7::text[], $8::text[], $9::text[]) as m), $1)`,
      [
        at,
        moves.map((_, index) => index),
        moves.map(({ redemptionId }) => redemptionId),
        moves.map(({ to }) => to),
        moves.map(({ reason }) => reason),
        moves.map(({ revenueMinor }) => revenueMinor ?? 0),
        moves.map(({ cause }) => cause?.traceparent ?? null),
        moves.map(({ cause }) => cause?.correlationId ?? null),
        moves.map(({ cause }) => cause?.id ?? null),
      ],
    );
    return rows.map((row) => ({
      position: row.place,
      redemptionId: row.use_id,
      codeId: row.code_id,
      code: row.code,
      kind: row.kind,
      personId: row.person_id,
      offerId: row.offer_id,
      orderId: row.order_id,
      conversionId: row.conversion_id,
      benefitMinor: row.benefit_minor,
      currency: row.currency,
      keepsSlot: row.keeps_slot,
    }));
  }

  /** In the order in which they were applied. One look-up each, so that a plan made for an empty table stays good. */
  async ofOrders(sql: Sql, orderIds: readonly string[]): Promise<Redemption[]> {
    const rows = await sql.query<RedemptionRow>(
      `select ${redemptionColumns} from (select distinct unnest($1::uuid[])) o (id)
       cross join lateral (select * from promo_use v where v.order_id = o.id offset 0) u
       join promo_code c on c.id = u.code_id
       order by u.order_id, c.precedence, c.id`,
      [orderIds],
    );
    return rows.map(redemptionOf);
  }

  async ofConversions(sql: Sql, conversionIds: readonly string[]): Promise<Redemption[]> {
    const rows = await sql.query<RedemptionRow>(
      `select ${redemptionColumns} from (select distinct unnest($1::text[])) k (id)
       cross join lateral (select * from promo_use v where v.conversion_id = k.id offset 0) u
       join promo_code c on c.id = u.code_id
       order by u.conversion_id, c.id`,
      [conversionIds],
    );
    return rows.map(redemptionOf);
  }

  /**
   * For whoever admits in several calls: each takes the locks of its codes, and all of them go in the order of ids.
   * @returns the codes by id, as they are and stay while the locks are held
   */
  async lockCodes(tx: Tx, codeIds: readonly string[]): Promise<Map<string, CodeRules>> {
    const rows = await tx.query<RulesRow>(
      `select ${rulesColumns} from promo_code where id = any ($1::uuid[]) order by id for update`,
      [[...new Set(codeIds)]],
    );
    return new Map(rows.map((row) => [row.id, row]));
  }

  /** What is held for these orders lapses no more. */
  async pin(sql: Sql, orderIds: readonly string[]): Promise<void> {
    await lapseAt(sql, orderIds, null);
  }

  /** Holds that are repeated wait for their order from now on. */
  async extend(sql: Sql, orderIds: readonly string[], lapsesAt: Temporal.Instant): Promise<void> {
    await lapseAt(sql, orderIds, lapsesAt);
  }

  /** Orders whose holds should have been heard of by now, the oldest first: `max` of them, or all that there are. */
  async overdueOrders(sql: Sql, at: Temporal.Instant, max: number): Promise<string[]> {
    const rows = await sql.query<{ order_id: string }>(
      `select order_id from (
         select order_id, min(lapses_at) as lapses_at from (
           select order_id, lapses_at from promo_use
           where state = 'held' and lapses_at <= $1 and order_id is not null order by lapses_at limit $3
         ) due group by order_id
       ) orders order by lapses_at limit $2`,
      [at, max, max * codesMax],
    );
    return rows.map(({ order_id: orderId }) => orderId);
  }
}

/** Sets when the holds of these orders lapse, null for never; those that are pinned stay so. In the order of ids. */
async function lapseAt(sql: Sql, orderIds: readonly string[], lapsesAt: Temporal.Instant | null): Promise<void> {
  await sql.query(
    `update promo_use u set lapses_at = $2
     from (
       select id from promo_use where order_id = any ($1::uuid[]) and state = 'held' and lapses_at is not null
       order by id for update
     ) held
     where u.id = held.id`,
    [orderIds, lapsesAt],
  );
}

function redemptionOf(row: RedemptionRow): Redemption {
  return {
    redemptionId: row.id,
    codeId: row.code_id,
    code: row.code,
    kind: row.kind,
    personId: row.person_id,
    offerId: row.offer_id,
    orderId: row.order_id,
    conversionId: row.conversion_id,
    state: row.state,
    benefitMinor: row.benefit_minor,
    currency: row.currency,
    priceMinor: row.price_minor,
    explanation: row.explanation,
    lapsesAt: row.lapses_at,
  };
}
