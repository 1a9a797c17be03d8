import { countRedemptionsSql } from '../counting/count-redemptions.sql.js';
import { moveRedemptionsSql } from '../redeeming/move-redemptions.sql.js';
import { admitRedemptionsSql } from './admit-redemptions.sql.js';

export const admissionTypes = [
  /*
   * One use that is wished for: the `Wish` of uses.store.ts, field by field. `place` counts the wishes from 1; those of
   * one `party` stand side by side. `what` is its `moment`, under the name that receipts have for it.
   */
  `create type use_wish as (
     place integer, party integer, what text, code_id uuid, code text, version integer, receipt_id uuid, use_id uuid,
     takes uuid,
     person_id uuid, offer_id text, order_id uuid, conversion_id text, benefit_minor bigint, currency text,
     price_minor bigint, revenue_minor bigint, held boolean, counted boolean, lapses_at timestamptz, applied_at timestamptz,
     explanation text, refused text, local_time text, timezone text, trace jsonb,
     traceparent text, correlation_id text, causation_id text)`,

  /*
   * What one use changes of the counters, by how much, and the entry that it makes, if any. `slots` is for the counter
   * of its person, `offer_slots` for that of its offer, the others are for the code's row.
   */
  `create type use_change as (
     place integer, use_id uuid, code_id uuid, person_id uuid, offer_id text,
     used integer, held integer, given_minor bigint, held_minor bigint, slots integer, offer_slots integer,
     entry text, benefit_minor bigint, currency text, revenue_minor bigint, conversion_id text, order_id uuid,
     applied_at timestamptz, traceparent text, correlation_id text, causation_id text)`,

  /* A use on its way: redeemed, released, lapsed or reversed, and why. */
  `create type use_move as (
     place integer, use_id uuid, state text, reason text, revenue_minor bigint,
     traceparent text, correlation_id text, causation_id text)`,

  /* The counters as a decision met them, for its receipt; `given` in minor units, held money included. */
  `create type seen_counters as (used bigint, held bigint, given bigint, person bigint, offer bigint)`,

  /* A code that was counted on, and how many entries it had before. */
  `create type counted_code as (id uuid, kind text, entries_before bigint)`,
];

/**
 * The functions that change what is counted of uses. `admit_uses` and `move_uses` take the locks of their codes first,
 * in the order of the codes' ids, and do the rest under them, `count_uses` for both: so nothing is counted twice or
 * missed, nobody deadlocks over codes, entry numbers are gapless, and whatever the number of instances, a limit holds
 * exactly. A transaction of several calls takes all of its locks before (`lockCodes`). Beside them only records of the
 * former system are counted, under the same locks (`records.store.ts`).
 */
export const admissionFunctions = [countRedemptionsSql, admitRedemptionsSql, moveRedemptionsSql];
