import type { CodeKind } from '../codes/domain/code.js';
import type { LegacyCode } from './domain/legacy-code.js';
import { enterUses, nextUses } from './enter-redemptions.sql.js';
import type { Session } from './session.js';

/** Who made a code that came from a record: uses of records are added to such codes alone. */
const importer = 'import:promo-codes';

/** A code that is in the database; `isFormer` when it was brought from the former system. */
export interface StoredCode {
  readonly id: string;
  readonly folded: string;
  readonly kind: CodeKind;
  readonly currency: string | null;
  readonly isFormer: boolean;
}

/** That somebody holds a code, as the former system knew it. */
export interface Holder {
  readonly codeId: string;
  readonly personId: string;
  readonly appliedAt: Temporal.Instant;
  readonly username: string | null;
  readonly email: string | null;
  /** Discounts are not held by anybody. */
  readonly isHeld: boolean;
}

/** A use of the former system that is read and not entered yet. `line` is where it stands in the file. */
export interface StagedUse {
  readonly useId: string;
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

/** What became of a staged use. */
export interface AddedUse {
  readonly line: number;
  readonly conversion_id: string | null;
  /** Told: its conversion was told here before, and has its answer. */
  readonly outcome: 'added' | 'known' | 'conflict' | 'told';
}

/** Limits of a code that its uses had passed, and what they are now. */
export interface RaisedLimits {
  readonly code: string;
  readonly before: Readonly<Record<string, number>>;
  readonly after: Readonly<Record<string, number>>;
}

/** Where records are put. Everything is added unless it is there, and nothing that is there is written over. */
export class LegacyStore {
  constructor(private readonly session: Session) {}

  transaction<Result>(work: () => Promise<Result>): Promise<Result> {
    return this.session.transaction(work);
  }

  /** Answers the ids of those that are new. */
  async addCodes(codes: readonly LegacyCode[], now: Temporal.Instant): Promise<Set<string>> {
    const rows = codes.map((code) => ({
      id: code.id,
      code: code.code,
      folded: code.folded,
      title: code.title,
      owner_id: code.ownerId,
      kind: code.kind,
      percent_bp: code.percentBp,
      amount_minor: code.amountMinor,
      cap_minor: code.capMinor,
      minimum_minor: code.minimumMinor,
      budget_minor: code.budgetMinor,
      currency: code.currency,
      valid_from: code.validFrom,
      valid_until: code.validUntil,
      active_hours: code.activeHours,
      days: code.days,
      max_uses: code.maxUses,
      max_uses_per_person: code.maxUsesPerPerson,
      max_uses_per_offer: code.maxUsesPerOffer,
      offers_rule: code.offersRule,
      offers: code.offers,
      auto_deactivate: code.autoDeactivate,
      status: code.status,
      auto_deactivated_at: code.autoDeactivatedAt,
      created_at: code.createdAt ?? now,
      updated_at: code.updatedAt ?? code.createdAt ?? now,
    }));
    const added = await this.session.query<{ id: string }>(
      `insert into promo_code (id, code, folded, title, owner_id, kind, percent_bp, amount_minor, cap_minor, minimum_minor,
         budget_minor, currency, valid_from, valid_until, active_hours, days, max_uses, max_uses_per_person,
         max_uses_per_offer, offers_rule, offers, auto_deactivate_on_max_uses, status, auto_deactivated_at,
         deactivation_announced_at, created_at, updated_at, created_by)
       select id, code, folded, title, owner_id, kind, percent_bp, amount_minor, cap_minor, minimum_minor,
         budget_minor, currency, valid_from, valid_until, active_hours, days, max_uses, max_uses_per_person,
         max_uses_per_offer, offers_rule, offers, auto_deactivate, status, auto_deactivated_at,
         -- It was long ago.
         auto_deactivated_at, created_at, updated_at, $2
       from jsonb_to_recordset($1::jsonb) as record (id uuid, code text, folded text, title text, owner_id text, kind text,
         percent_bp integer, amount_minor bigint, cap_minor bigint, minimum_minor bigint, budget_minor bigint, currency text,
         valid_from timestamptz, valid_until timestamptz, active_hours jsonb, days smallint[], max_uses bigint,
         max_uses_per_person bigint, max_uses_per_offer bigint, offers_rule text, offers text[], auto_deactivate boolean,
         status text, auto_deactivated_at timestamptz, created_at timestamptz, updated_at timestamptz)
       on conflict do nothing
       returning id`,
      [JSON.stringify(rows), importer],
    );
    return new Set(added.map(({ id }) => id));
  }

  /** Those of these codes that are there, found by id or by text. */
  codes(ids: readonly string[], folded: readonly string[]): Promise<StoredCode[]> {
    return this.session.query<StoredCode>(
      `select id, folded, kind, currency, created_by = $3 as "isFormer" from promo_code
       where id = any ($1::uuid[]) or folded = any ($2::text[])`,
      [ids, folded, importer],
    );
  }

  /** Persons who are not known yet, and who of these holds a code: they have it once their uses are entered. */
  async stageHolders(holders: readonly Holder[]): Promise<void> {
    await this.session.query(
      `insert into person (id, name, username, email)
       select distinct on (id) id, username, username, email
       from unnest($1::uuid[], $2::text[], $3::text[]) as person (id, username, email) order by id
       on conflict do nothing`,
      columns(
        holders.filter(({ username, email }) => username ?? email),
        ({ personId, username, email }) => [personId, username ?? email, email ?? ''],
        3,
      ),
    );
    await this.session.query(
      `insert into former_holder as known (code_id, person_id, applied_at)
       select code_id, person_id, min(applied_at)
       from unnest($1::uuid[], $2::uuid[], $3::timestamptz[]) as holder (code_id, person_id, applied_at)
       group by code_id, person_id
       on conflict (code_id, person_id) do update set applied_at = least(known.applied_at, excluded.applied_at)`,
      columns(
        holders.filter(({ isHeld }) => isHeld),
        ({ codeId, personId, appliedAt }) => [codeId, personId, appliedAt],
        3,
      ),
    );
  }

  /**
   * Lets the next of the staged holders have their codes. How many there were, none when all have them, and how many of
   * them are new.
   */
  async enterHolders(limit: number): Promise<{ holders: number; added: number }> {
    const [entered] = await this.session.query<{ holders: number; added: number }>(
      `with next as materialized (select * from former_holder order by code_id, person_id limit $1),
       gone as (
         delete from former_holder using next
         where (former_holder.code_id, former_holder.person_id) = (next.code_id, next.person_id)
       ),
       added as (
         insert into promo_application (code_id, person_id, applied_at, state)
         select code_id, person_id, applied_at, 'applied' from next order by code_id, person_id
         on conflict do nothing
         returning code_id
       )
       select (select count(*) from next) as holders, (select count(*) from added) as added`,
      [limit],
    );
    return { holders: entered?.holders ?? 0, added: entered?.added ?? 0 };
  }

  /**
   * Room for holders and uses until all are read. Uses are entered code by code, in the order of their time; and
   * holders after them, so that nobody earns once more what the former system paid them for.
   */
  async prepareHoldings(): Promise<void> {
    await this.session.query(
      `create temporary table former_holder (
         code_id uuid, person_id uuid, applied_at timestamptz not null, primary key (code_id, person_id)
       )`,
    );
    await this.session.query(
      `create temporary table former_use (
         use_id uuid primary key, code_id uuid not null, person_id uuid not null, offer_id text, offer_name text,
         conversion_id text, bonus_minor bigint not null, currency text not null, applied_at timestamptz not null,
         line integer not null
       )`,
    );
  }

  /** Answers how many of them were not read before. */
  async stageUses(uses: readonly StagedUse[]): Promise<number> {
    const staged = await this.session.query(
      `insert into former_use (use_id, code_id, person_id, offer_id, offer_name, conversion_id, bonus_minor, currency,
         applied_at, line)
       select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::bigint[],
         $8::text[], $9::timestamptz[], $10::integer[])
       on conflict do nothing
       returning use_id`,
      columns(
        uses,
        (use) => [
          use.useId,
          use.codeId,
          use.personId,
          use.offerId,
          use.offerName,
          use.conversionId,
          use.bonusMinor,
          use.currency,
          use.appliedAt,
          use.line,
        ],
        10,
      ),
    );
    return staged.length;
  }

  /** Offers that uses name and nobody registered: so that reports can name them. */
  async addOffers(now: Temporal.Instant): Promise<void> {
    await this.session.query(
      `insert into offer (id, name, registered_at, changed_at)
       select distinct on (offer_id) offer_id, coalesce(offer_name, offer_id), $1::timestamptz, $1::timestamptz
       from former_use where offer_id is not null order by offer_id, offer_name is null, applied_at desc
       on conflict do nothing`,
      [now],
    );
    await this.session.query('create index on former_use (code_id, applied_at, use_id)');
  }

  /**
   * Enters the next of the staged uses, with everything that a use leaves: its entry, numbered under the lock of the
   * code's row, and the counters. Empty when none are left.
   *
   * The former system let some limits be passed. Those uses were made, so they count, and the limit is then what it
   * came to; the code's audit trail says so.
   *
   * A conversion that was told here has its answer, and gets no use beside it. Whoever tells one of these at this
   * moment waits, and then finds its uses: that is what the rows of `conversion` are for, which are gone in the end.
   */
  async enterUses(limit: number, now: Temporal.Instant): Promise<{ uses: AddedUse[]; raised: RaisedLimits[] }> {
    const claimed = await this.session.query<{ conversion_id: string }>(
      `insert into conversion (conversion_id, person_id, offer_id, payout_minor, currency, occurred_at, content_hash,
         recorded_at)
       select distinct on (conversion_id) conversion_id, person_id, coalesce(offer_id, ''), 0, currency, applied_at, ''::bytea, $2
       from ${nextUses} as next where conversion_id is not null order by conversion_id
       on conflict do nothing returning conversion_id`,
      [limit, now],
    );
    const untold = claimed.map(({ conversion_id: id }) => id);
    await this.session.query(
      `select from promo_code where id in (select code_id from ${nextUses} as next) order by id for update`,
      [limit],
    );
    const [entered] = await this.session.query<{ uses: AddedUse[] | null; raised: RaisedLimits[] | null }>(enterUses, [
      limit,
      importer,
      now,
      untold,
    ]);
    await this.session.query('delete from conversion where conversion_id = any ($1::text[])', [untold]);
    return { uses: entered?.uses ?? [], raised: entered?.raised ?? [] };
  }

  /** How many uses these codes have. */
  async usedOf(ids: readonly string[]): Promise<Map<string, number>> {
    const rows = await this.session.query<{ id: string; used: number }>(
      'select id, used from promo_code where id = any ($1::uuid[])',
      [ids],
    );
    return new Map(rows.map(({ id, used }) => [id, used]));
  }
}

/** The values of many rows, column by column. */
function columns<Row>(rows: readonly Row[], valuesOf: (row: Row) => readonly unknown[], width: number): unknown[][] {
  const values = rows.map(valuesOf);
  return Array.from({ length: width }, (_, column) => values.map((row) => row[column]));
}
