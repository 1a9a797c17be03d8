import { Injectable } from '@nestjs/common';
import type { Tx } from '#persistence/transaction.js';
import { ApplicationEntity } from '../applications/application.entity.js';

/** The counters of a code, of a person and of an offer, and the limits that one more redemption would exceed. */
export interface LimitStates {
  readonly used: number;
  readonly held: number;
  /** The benefits of redemptions and holds. */
  readonly givenMinor: number;
  readonly personUses: number;
  readonly newPersonUses: number;
  readonly offerUses: number;
  readonly usesReached: boolean;
  readonly personReached: boolean;
  readonly newPersonReached: boolean;
  readonly offerReached: boolean;
  readonly budgetReached: boolean;
}

/** The same as the statement has it. */
interface LimitRow {
  readonly used: number;
  readonly held: number;
  readonly given: number;
  readonly person_uses: number;
  readonly new_person_uses: number;
  readonly offer_uses: number;
  readonly uses_reached: boolean;
  readonly person_reached: boolean;
  readonly new_person_reached: boolean;
  readonly offer_reached: boolean;
  readonly budget_reached: boolean;
}

/** Counters and limits of a code for a redemption that is not made. */
@Injectable()
export class SimulationStore {
  /** Transactions of this kind write nothing, and have one snapshot. */
  async beReadOnly(tx: Tx): Promise<void> {
    await tx.query('set transaction isolation level repeatable read, read only');
  }

  /** The hold since the person applied the bonus code; undefined when they did not apply it, or it is spent. */
  async applied(tx: Tx, codeId: string, personId: string): Promise<{ redemptionId: string | null } | undefined> {
    return tx
      .kysely(ApplicationEntity)
      .selectFrom('promo_application')
      .select('redemptionId')
      .where('codeId', '=', codeId)
      .where('personId', '=', personId)
      .where('state', '=', 'applied')
      .executeTakeFirst();
  }

  /** Each limit by itself, as limit_reached decides it. Without an offer its limit is not reached. */
  async limits(
    tx: Tx,
    wanted: { codeId: string; personId: string; offerId: string | null; benefitMinor: number; hasSlot: boolean },
  ): Promise<LimitStates | undefined> {
    const { codeId, personId, offerId, benefitMinor, hasSlot } = wanted;
    const [row] = await tx.query<LimitRow>(
      `select used, held, given, person_uses, new_person_uses,
         offer_uses,
         limit_reached($5, used + held, max_uses, 0, null, null, null, null, 0, null) is not null as uses_reached,
         limit_reached($5, 0, null, person_uses, max_uses_per_person, null, null, null, 0, null) is not null
           as person_reached,
         limit_reached($5, 0, null, 0, null, case when audience = 'new_persons' then new_person_uses end, null, null, 0,
           null) is not null as new_person_reached,
         limit_reached($5, 0, null, 0, null, null, case when $3::text is not null then offer_uses end,
           max_uses_per_offer, 0, null) is not null as offer_reached,
         limit_reached($5, 0, null, 0, null, null, null, null, given + $4, budget_minor) is not null as budget_reached
       from (
         select c.*, c.given_minor + c.held_minor as given,
           coalesce((select u.uses from promo_code_person_usage u
             where u.code_id = c.id and u.person_id = $2), 0) as person_uses,
           coalesce((select u.uses from new_person_usage u where u.person_id = $2), 0) as new_person_uses,
           coalesce((select u.uses from promo_code_offer_usage u
             where u.code_id = c.id and u.offer_id = $3), 0) as offer_uses
         from promo_code c where c.id = $1
       ) code`,
      [codeId, personId, offerId, benefitMinor, hasSlot],
    );
    return row && stateOf(row);
  }
}

function stateOf({ used, held, ...row }: LimitRow): LimitStates {
  return {
    used,
    held,
    givenMinor: row.given,
    personUses: row.person_uses,
    newPersonUses: row.new_person_uses,
    offerUses: row.offer_uses,
    usesReached: row.uses_reached,
    personReached: row.person_reached,
    newPersonReached: row.new_person_reached,
    offerReached: row.offer_reached,
    budgetReached: row.budget_reached,
  };
}
