import { columnsOf } from './columns-of.js';
import { type Limits, type Reached, raiseLimits } from './domain/raised-limits.js';
import { importer } from './legacy.store.js';
import type { Session } from './session.js';

/** A redemption of the legacy system that was read and is not entered yet. `line` is its line in the file. */
export interface StagedRedemption {
  readonly redemptionId: string;
  readonly codeId: string;
  readonly personId: string;
  readonly offerId: string | null;
  readonly offerName: string | null;
  readonly conversionId: string | null;
  readonly bonusMinor: number;
  readonly currency: string;
  readonly appliedAt: Temporal.Instant;
  readonly line: number;
}

/** The result for a staged redemption. */
export interface EnteredRedemption {
  readonly line: number;
  readonly conversionId: string | null;
  /**
   * `known`: it exists already. `conflict`: another redemption of the code has its conversion. `recorded`: its
   * conversion was recorded here and keeps its reply.
   */
  readonly outcome: 'added' | 'known' | 'conflict' | 'recorded';
}

/** Limits of a code that its redemptions exceeded, before and after they were raised. */
export interface RaisedLimits {
  readonly code: string;
  readonly before: Readonly<Record<string, number>>;
  readonly after: Readonly<Record<string, number>>;
}

type CodeTotals = Limits & Reached & { readonly id: string; readonly code: string; readonly version: number };

interface CodeTotalsRow {
  id: string;
  code: string;
  version: number;
  uses: number;
  max_uses: number | null;
  max_uses_per_person: number | null;
  max_uses_per_offer: number | null;
  budget_minor: number | null;
  given_minor: number;
  uses_of_one_person: number | null;
  uses_of_one_offer: number | null;
}

const limitColumns = [
  ['maxUses', 'max_uses'],
  ['maxUsesPerPerson', 'max_uses_per_person'],
  ['maxUsesPerOffer', 'max_uses_per_offer'],
  ['budgetMinor', 'budget_minor'],
] as const;

/** Redemptions of the legacy system: staged in a temporary table, then entered code by code in the order of time. */
export class LegacyRedemptionsStore {
  /** @param sender the outside system that the conversions belong to; null where only admins report them from now on */
  constructor(
    private readonly session: Session,
    private readonly sender: string | null = null,
  ) {}

  /** Creates the temporary tables for the redemptions of a file, and for one round of them. */
  async prepare(): Promise<void> {
    await this.session.query(
      `create temporary table legacy_redemption (
         redemption_id uuid primary key, code_id uuid not null, person_id uuid not null, offer_id text, offer_name text,
         conversion_id text, bonus_minor bigint not null, currency text not null, applied_at timestamptz not null,
         line integer not null
       )`,
    );
    // One round, of which `place` numbers the redemptions that were added, within their code.
    await this.session.query('create temporary table entering (like legacy_redemption including all, place bigint)');
    await this.session.query(
      `create temporary view added_per_code as
       select code_id, count(*) as redemptions, sum(bonus_minor)::bigint as given_minor, min(applied_at) as first_at,
         max(applied_at) as last_at
       from entering where place is not null group by code_id`,
    );
  }

  /** @returns how many of the redemptions were not staged before. */
  async stage(redemptions: readonly StagedRedemption[]): Promise<number> {
    const staged = await this.session.query(
      `insert into legacy_redemption (redemption_id, code_id, person_id, offer_id, offer_name, conversion_id,
         bonus_minor, currency, applied_at, line)
       select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::bigint[],
         $8::text[], $9::timestamptz[], $10::integer[])
       on conflict do nothing
       returning redemption_id`,
      columnsOf(
        redemptions,
        (one) => [
          one.redemptionId,
          one.codeId,
          one.personId,
          one.offerId,
          one.offerName,
          one.conversionId,
          one.bonusMinor,
          one.currency,
          one.appliedAt,
          one.line,
        ],
        10,
      ),
    );
    return staged.length;
  }

  /** Registers the offers that staged redemptions name, so that reports have a name for them. */
  async addOffers(now: Temporal.Instant): Promise<void> {
    await this.session.query(
      `insert into offer (id, name, registered_at, changed_at)
       select distinct on (offer_id) offer_id, coalesce(offer_name, offer_id), $1::timestamptz, $1::timestamptz
       from legacy_redemption where offer_id is not null order by offer_id, offer_name is null, applied_at desc
       on conflict do nothing`,
      [now],
    );
    await this.session.query('create index on legacy_redemption (code_id, applied_at, redemption_id)');
  }

  /**
   * Enters the next staged redemptions with all that a redemption leaves: its journal entry, numbered under the lock of
   * the code, and the counters. Exceeded limits are raised, and the audit trail of the code shows it.
   *
   * A conversion that was recorded here keeps its reply and gets no redemption. A request that records one of these
   * conversions at this moment waits for the placeholder in `conversion`, and then finds the redemption.
   * @returns the result of each redemption, none at the end
   */
  async enter(
    limit: number,
    now: Temporal.Instant,
  ): Promise<{ redemptions: EnteredRedemption[]; raised: RaisedLimits[] }> {
    await this.take(limit);
    const claimed = await this.claimConversions(now);
    await this.session.query(
      'select from promo_code where id in (select code_id from entering) order by id for update',
    );
    await this.addRedemptions(claimed);
    await this.countUsage();
    const codes = await this.codeTotals();
    const raised = codes.map((code) => ({ code, limits: raiseLimits(code, code) }));
    await this.updateCodes(raised);
    const changes = raised.flatMap(({ code, limits }) => changeOf(code, limits));
    await this.addChanges(changes, now);
    await this.addEntries();
    const redemptions = await this.outcomes(claimed);
    await this.session.query('delete from conversion where conversion_id = any ($1::text[]) and sender = $2', [
      claimed,
      this.sender ?? '',
    ]);
    await this.session.query('delete from entering');
    return { redemptions, raised: changes };
  }

  private async take(limit: number): Promise<void> {
    await this.session.query(
      `with next as (
         delete from legacy_redemption where redemption_id in (
           select redemption_id from legacy_redemption order by code_id, applied_at, redemption_id limit $1)
         returning *
       )
       insert into entering select * from next`,
      [limit],
    );
  }

  /** Inserts a placeholder for each conversion that was not recorded here. @returns the ids of those. */
  private async claimConversions(now: Temporal.Instant): Promise<string[]> {
    const claimed = await this.session.query<{ id: string }>(
      `insert into conversion (conversion_id, sender, person_id, offer_id, payout_minor, currency, occurred_at, content_hash,
         recorded_at)
       select distinct on (conversion_id) conversion_id, $2, person_id, coalesce(offer_id, ''), 0, currency, applied_at,
         ''::bytea, $1
       from entering where conversion_id is not null order by conversion_id
       on conflict do nothing returning conversion_id as id`,
      [now, this.sender ?? ''],
    );
    return claimed.map(({ id }) => id);
  }

  /** Two legacy redemptions may have one conversion: the first of them gets it. */
  private async addRedemptions(claimed: readonly string[]): Promise<void> {
    await this.session.query(
      `with added as (
         insert into redemption (id, code_id, person_id, offer_id, conversion_id, sender, state, benefit_minor, currency,
           explanation, applied_at, redeemed_at)
         select redemption_id, code_id, person_id, offer_id, conversion_id, $2, 'redeemed', bonus_minor, currency,
           'Imported from the legacy system.', applied_at, applied_at
         from entering where conversion_id is null or conversion_id = any ($1::text[])
         order by code_id, applied_at, redemption_id
         on conflict do nothing
         returning id
       )
       update entering set place = numbered.place
       from (
         select redemption_id, row_number() over (partition by code_id order by applied_at, redemption_id) as place
         from entering join added on added.id = redemption_id
       ) as numbered
       where entering.redemption_id = numbered.redemption_id`,
      [claimed, this.sender ?? ''],
    );
  }

  private async countUsage(): Promise<void> {
    await this.session.query(
      `insert into promo_code_person_usage as stored (code_id, person_id, uses)
       select code_id, person_id, count(*) from entering where place is not null group by code_id, person_id
       on conflict (code_id, person_id) do update set uses = stored.uses + excluded.uses`,
    );
    await this.session.query(
      `insert into promo_code_offer_usage as stored (code_id, offer_id, uses)
       select code_id, offer_id, count(*) from entering where place is not null and offer_id is not null
       group by code_id, offer_id
       on conflict (code_id, offer_id) do update set uses = stored.uses + excluded.uses`,
    );
  }

  /** The limits of the codes of this round, and what the redemptions have reached with it. */
  private async codeTotals(): Promise<CodeTotals[]> {
    const rows = await this.session.query<CodeTotalsRow>(
      `select id, code, version, max_uses, max_uses_per_person, max_uses_per_offer, budget_minor,
         used + held + added.redemptions as uses,
         promo_code.given_minor + held_minor + added.given_minor as given_minor,
         (select max(uses) from promo_code_person_usage as usage
          where usage.code_id = id and person_id in (select person_id from entering where entering.code_id = id and place is not null)
         ) as uses_of_one_person,
         (select max(uses) from promo_code_offer_usage as usage
          where usage.code_id = id and offer_id in (select offer_id from entering where entering.code_id = id and place is not null)
         ) as uses_of_one_offer
       from promo_code join added_per_code as added on added.code_id = id
       order by id`,
    );
    return rows.map(({ id, code, version, uses, ...row }) => ({
      id,
      code,
      version,
      uses,
      maxUses: row.max_uses,
      maxUsesPerPerson: row.max_uses_per_person,
      maxUsesPerOffer: row.max_uses_per_offer,
      budgetMinor: row.budget_minor,
      givenMinor: row.given_minor,
      usesOfOnePerson: row.uses_of_one_person,
      usesOfOneOffer: row.uses_of_one_offer,
    }));
  }

  /**
   * Writes counters and limits. The limit as it was decides whether the code is used up: a limit that was exceeded is
   * raised to the redemptions, which use it up all the same. A deactivation of long ago is not announced.
   */
  private async updateCodes(codes: readonly { readonly code: CodeTotals; readonly limits: Limits }[]): Promise<void> {
    await this.session.query(
      `update promo_code as code set
         used = code.used + added.redemptions,
         given_minor = code.given_minor + added.given_minor,
         last_entry = code.last_entry + added.redemptions,
         max_uses = new.max_uses,
         max_uses_per_person = new.max_uses_per_person,
         max_uses_per_offer = new.max_uses_per_offer,
         budget_minor = new.budget_minor,
         version = code.version + new.is_raised::integer,
         first_used_at = least(code.first_used_at, added.first_at),
         status = case when is_used_up then 'expired' else code.status end,
         auto_deactivated_at = case when is_used_up then last_at else code.auto_deactivated_at end,
         deactivation_announced_at = case when is_used_up then last_at else code.deactivation_announced_at end
       from added_per_code as added
       join json_to_recordset($1::json) as new (id uuid, max_uses bigint, max_uses_per_person bigint,
         max_uses_per_offer bigint, budget_minor bigint, is_raised boolean) on new.id = added.code_id
       join promo_code as old on old.id = added.code_id
       cross join lateral code_status_after(old, old.used + added.redemptions, added.last_at) as next
       cross join lateral (select old.status = 'active' and next.status = 'expired' as is_used_up) as ending
       where code.id = added.code_id`,
      [
        JSON.stringify(
          codes.map(({ code, limits }) => ({
            id: code.id,
            ...Object.fromEntries(limitColumns.map(([limit, column]) => [column, limits[limit]])),
            is_raised: changeOf(code, limits).length > 0,
          })),
        ),
      ],
    );
  }

  private async addChanges(changes: readonly Change[], now: Temporal.Instant): Promise<void> {
    await this.session.query(
      `insert into code_change (code_id, version, changed_by, at, before, after)
       select id, version, $2, $3, before, after
       from json_to_recordset($1::json) as change (id uuid, version integer, before jsonb, after jsonb)`,
      [JSON.stringify(changes), importer, now],
    );
  }

  /** The journal entries of the added redemptions, numbered on from the last one of their code. */
  private async addEntries(): Promise<void> {
    await this.session.query(
      `insert into redemption_entry (code_id, entry_no, kind, redemption_id, person_id, offer_id, benefit_kind,
         benefit_minor, currency, conversion_id, applied_at, at)
       select code_id, code.last_entry - count(*) over (partition by code_id) + place, 'redeemed', redemption_id,
         person_id, offer_id, code.kind, bonus_minor, entering.currency, conversion_id, applied_at, applied_at
       from entering join promo_code as code on code.id = code_id
       where place is not null`,
    );
  }

  private async outcomes(claimed: readonly string[]): Promise<EnteredRedemption[]> {
    const rows = await this.session.query<Omit<EnteredRedemption, 'conversionId'> & { conversion_id: string | null }>(
      `select line, entering.conversion_id, case
         when place is not null then 'added'
         when stored.id is not null then 'known'
         when entering.conversion_id <> all ($1::text[]) then 'recorded'
         else 'conflict' end as outcome
       from entering left join redemption as stored on stored.id = redemption_id`,
      [claimed],
    );
    return rows.map(({ conversion_id: conversionId, ...row }) => ({ ...row, conversionId }));
  }
}

interface Change extends RaisedLimits {
  readonly id: string;
  readonly version: number;
}

/** The change of a code for the audit trail; none where no limit was raised. */
function changeOf(code: CodeTotals, limits: Limits): Change[] {
  const raised = limitColumns.filter(([limit]) => limits[limit] !== code[limit]);
  if (raised.length === 0) return [];
  const only = (from: Limits) =>
    Object.fromEntries(raised.map(([limit, column]) => [column, from[limit] as number] as const));
  return [{ id: code.id, code: code.code, version: code.version + 1, before: only(code), after: only(limits) }];
}
