import { sql } from 'kysely';
import { anyOf } from '#persistence/entities/any-of.js';
import type { Tx } from '#persistence/transaction.js';
import { movementRecords } from '../ledger/movement-records.js';
import { BonusEntity } from './bonus.entity.js';
import type { Bonus, BonusReversal, KnownBonus } from './domain/bonus.js';
import type { BonusReversals } from './domain/decide-bonuses.js';

/** Those of these bonuses that were granted or reversed before. */
export function knownBonuses(tx: Tx, bonuses: readonly Bonus[]): Promise<KnownBonus[]> {
  return tx
    .kysely(BonusEntity)
    .selectFrom('bonus')
    .select(['id as bonusId', 'personId', 'amountMinor', 'currency'])
    .select(sql<boolean>`reversed_at is not null`.as('isReversed'))
    .where('id', '=', anyOf(bonuses.map(({ bonusId }) => bonusId)))
    .execute();
}

/** Adds bonuses that are granted now. */
export async function addGranted(tx: Tx, bonuses: readonly Bonus[], at: Temporal.Instant): Promise<void> {
  await tx.query(
    `insert into bonus (id, person_id, amount_minor, currency, granted_at)
     select bonus_id, person_id, amount_minor, currency, $2
     from json_to_recordset($1) b (bonus_id uuid, person_id uuid, amount_minor bigint, currency text)`,
    [movementRecords(bonuses), at],
  );
}

/** Adds bonuses that are reversed before they were granted. */
export async function addVoided(tx: Tx, bonuses: readonly BonusReversal[], at: Temporal.Instant): Promise<void> {
  if (bonuses.length === 0) return;
  await tx.query(
    `insert into bonus (id, person_id, amount_minor, currency, reversed_at, reason)
     select bonus_id, person_id, amount_minor, currency, $2, reason
     from json_to_recordset($1) b (bonus_id uuid, person_id uuid, amount_minor bigint, currency text, reason text)`,
    [movementRecords(bonuses), at],
  );
}

/** Keeps which granted bonuses are reversed, and how much of each is owed since. */
export async function keepReversed(tx: Tx, reversed: BonusReversals['reversed'], at: Temporal.Instant): Promise<void> {
  if (reversed.length === 0) return;
  await tx.query(
    `update bonus b set reversed_at = $2, reason = r.reason, owed_minor = r.owed_minor
     from json_to_recordset($1) r (bonus_id uuid, reason text, owed_minor bigint)
     where b.id = any (array(select bonus_id from json_to_recordset($1) k (bonus_id uuid))) and b.id = r.bonus_id`,
    [movementRecords(reversed), at],
  );
}
