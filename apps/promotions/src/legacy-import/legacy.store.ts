import { rowOf } from '../codes/code.table.js';
import type { CodeKind } from '../codes/domain/code.js';
import { columnsOf } from './columns-of.js';
import type { LegacyCode } from './domain/legacy-code.js';
import type { Session } from './session.js';

/** The creator of imported codes. Legacy redemptions are added to such codes alone. */
export const importer = 'import:promo-codes';

/** A code in the database; `isImported` when it came from the legacy system. */
export interface StoredCode {
  readonly id: string;
  readonly folded: string;
  readonly kind: CodeKind;
  readonly currency: string | null;
  readonly isImported: boolean;
}

/** A person who has a code, as the legacy system states it. */
export interface StagedAssignment {
  readonly codeId: string;
  readonly personId: string;
  readonly appliedAt: Temporal.Instant;
  readonly username: string | null;
  readonly email: string | null;
  /** Whether the person has the code from now on. Discounts are redeemed without an application. */
  readonly becomesApplication: boolean;
}

const importedProperties = [
  'id',
  'code',
  'folded',
  'title',
  'ownerId',
  'kind',
  'percentBp',
  'amountMinor',
  'capMinor',
  'minimumMinor',
  'budgetMinor',
  'currency',
  'validFrom',
  'validUntil',
  'activeHours',
  'days',
  'maxUses',
  'maxUsesPerPerson',
  'maxUsesPerOffer',
  'offersRule',
  'offers',
  'autoDeactivateOnMaxUses',
  'status',
  'autoDeactivatedAt',
  'deactivationAnnouncedAt',
  'createdAt',
  'updatedAt',
  'createdBy',
] as const;

/** Codes, persons, offers and applications of the legacy system. Inserts what is missing and overwrites nothing. */
export class LegacyStore {
  constructor(private readonly session: Session) {}

  transaction<Result>(work: () => Promise<Result>): Promise<Result> {
    return this.session.transaction(work);
  }

  /** Inserts the codes whose id and text are free. @returns the ids of those. */
  async addCodes(codes: readonly LegacyCode[], now: Temporal.Instant): Promise<Set<string>> {
    const rows = codes.map((code) => {
      const createdAt = code.createdAt ?? now;
      const imported = {
        ...code,
        // A deactivation of long ago is not announced.
        deactivationAnnouncedAt: code.autoDeactivatedAt,
        createdAt,
        updatedAt: code.updatedAt ?? createdAt,
        createdBy: importer,
      };
      return rowOf(imported, importedProperties);
    });
    const added = await this.session.query<{ id: string }>(
      `insert into promo_code (id, code, folded, title, owner_id, kind, percent_bp, amount_minor, cap_minor,
         minimum_minor, budget_minor, currency, valid_from, valid_until, active_hours, days, max_uses,
         max_uses_per_person, max_uses_per_offer, offers_rule, offers, auto_deactivate_on_max_uses, status,
         auto_deactivated_at, deactivation_announced_at, created_at, updated_at, created_by)
       select id, code, folded, title, owner_id, kind, percent_bp, amount_minor, cap_minor, minimum_minor, budget_minor,
         currency, valid_from, valid_until, active_hours, days, max_uses, max_uses_per_person, max_uses_per_offer,
         offers_rule, offers, auto_deactivate_on_max_uses, status, auto_deactivated_at, deactivation_announced_at,
         created_at, updated_at, created_by
       from jsonb_populate_recordset(null::promo_code, $1::jsonb)
       on conflict do nothing
       returning id`,
      [JSON.stringify(rows)],
    );
    return new Set(added.map(({ id }) => id));
  }

  /**
   * The stored codes with one of these ids or folded texts. Of those with the same text, the one that a legacy record
   * means comes last: the imported one, and the one that is not archived.
   */
  async codes(ids: readonly string[], folded: readonly string[]): Promise<StoredCode[]> {
    const rows = await this.session.query<Omit<StoredCode, 'isImported'> & { created_by: string }>(
      `select id, folded, kind, currency, created_by from promo_code
       where id = any ($1::uuid[]) or folded = any ($2::text[])
       order by created_by = $3, status <> 'archived'`,
      [ids, folded, importer],
    );
    return rows.map(({ created_by: createdBy, ...code }) => ({ ...code, isImported: createdBy === importer }));
  }

  /** How many redemptions these codes have. */
  async usedOf(ids: readonly string[]): Promise<Map<string, number>> {
    const rows = await this.session.query<{ id: string; used: number }>(
      'select id, used from promo_code where id = any ($1::uuid[])',
      [ids],
    );
    return new Map(rows.map(({ id, used }) => [id, used]));
  }

  /** Creates the temporary table for the assignments of a file. */
  async prepareAssignments(): Promise<void> {
    await this.session.query(
      `create temporary table legacy_assignment (
         code_id uuid, person_id uuid, applied_at timestamptz not null, primary key (code_id, person_id)
       )`,
    );
  }

  /** Inserts unknown persons, and stages who gets a code: an application follows once all redemptions are entered. */
  async stageAssignments(assignments: readonly StagedAssignment[]): Promise<void> {
    await this.session.query(
      `insert into person (id, name, username, email)
       select distinct on (id) id, username, username, email
       from unnest($1::uuid[], $2::text[], $3::text[]) as person (id, username, email) order by id
       on conflict do nothing`,
      columnsOf(
        assignments.filter(({ username, email }) => username ?? email),
        ({ personId, username, email }) => [personId, username ?? email, email ?? ''],
        3,
      ),
    );
    await this.session.query(
      `insert into legacy_assignment as staged (code_id, person_id, applied_at)
       select code_id, person_id, min(applied_at)
       from unnest($1::uuid[], $2::uuid[], $3::timestamptz[]) as assignment (code_id, person_id, applied_at)
       group by code_id, person_id
       on conflict (code_id, person_id) do update set applied_at = least(staged.applied_at, excluded.applied_at)`,
      columnsOf(
        assignments.filter(({ becomesApplication }) => becomesApplication),
        ({ codeId, personId, appliedAt }) => [codeId, personId, appliedAt],
        3,
      ),
    );
  }

  /**
   * Turns the next staged assignments into applications.
   * @returns how many assignments it took (0 at the end), and how many applications are new
   */
  async enterAssignments(limit: number): Promise<{ assignments: number; added: number }> {
    const [entered] = await this.session.query<{ assignments: number; added: number }>(
      `with next as materialized (select * from legacy_assignment order by code_id, person_id limit $1),
       gone as (
         delete from legacy_assignment using next
         where (legacy_assignment.code_id, legacy_assignment.person_id) = (next.code_id, next.person_id)
       ),
       added as (
         insert into promo_application (code_id, person_id, applied_at, state)
         select code_id, person_id, applied_at, 'applied' from next order by code_id, person_id
         on conflict do nothing
         returning code_id
       )
       select (select count(*) from next) as assignments, (select count(*) from added) as added`,
      [limit],
    );
    return { assignments: entered?.assignments ?? 0, added: entered?.added ?? 0 };
  }
}
