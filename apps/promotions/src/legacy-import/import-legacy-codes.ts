import { foldCode } from '#contracts/promotions/fold-code.js';
import type { Clock } from '#kernel/clock.js';
import { idFrom } from '#kernel/ids.js';
import { offerIdOf } from '../offers/domain/offer.js';
import { type LegacyAssignment, type LegacyRedemption, readLegacyAssignment } from './domain/legacy-assignment.js';
import { idOfLegacyCode, type LegacyCode, type Reading, readLegacyCode } from './domain/legacy-code.js';
import type { LegacyStore, StagedAssignment, StoredCode } from './legacy.store.js';
import type { LegacyRedemptionsStore, StagedRedemption } from './legacy-redemptions.store.js';
import { minorUnits } from './reading/decimal.js';
import { documentsIn } from './reading/documents.js';
import { isPlainObject, type PlainObject, plainOf, Unreadable } from './reading/extended-json.js';
import type { Report } from './report.js';

/** A file as a stream of text. */
export interface Source {
  readonly name: string;
  readonly chunks: AsyncIterable<string>;
}

/** A record and its line in the file. */
interface Placed<Legacy> {
  readonly line: number;
  readonly record: Legacy;
}

const documentsMax = 1_000;
const assignmentsMax = 5_000;
const redemptionsMax = 5_000;

/**
 * Imports the promo codes of the legacy system in sets. Ids are derived from the ids of the records, so that a second
 * run finds what exists and leaves it: it changes nothing, and an aborted run is simply repeated. The legacy system
 * paid its bonuses: they are counted here and not earned again.
 */
export class ImportLegacyCodes {
  /** The usage counts that codes state, to be compared at the end. */
  private readonly claimed = new Map<string, { line: number; count: number; code: string }>();
  /** Exceeded limits by code and limit: the first value, and what it was raised to in the end. */
  private readonly raised = new Map<string, { code: string; limit: string; before: number; after: number }>();
  /** Records whose text belongs to a code that was not imported. */
  private readonly foreign = new Set<string>();

  constructor(
    private readonly store: LegacyStore,
    private readonly redemptions: LegacyRedemptionsStore,
    private readonly report: Report,
    private readonly clock: Clock,
    private readonly currencyByDefault: string,
  ) {}

  async execute({ codes, users }: { readonly codes?: Source; readonly users?: Source }): Promise<void> {
    if (codes) {
      const read = (document: PlainObject) => readLegacyCode(document, this.currencyByDefault, this.clock.now());
      for await (const set of this.setsOf(codes, 'codes', read))
        await this.bySet('codes', codes, set, (part) => this.addCodes(codes, part));
    }
    if (!users) return;
    await this.store.prepareAssignments();
    await this.redemptions.prepare();
    for await (const set of this.setsOf(users, 'assignments', readLegacyAssignment)) {
      await this.bySet('assignments', users, set, (part) => this.stage(users, part));
    }
    await this.redemptions.addOffers(this.clock.now());
    while (await this.enterRedemptions(users));
    while (await this.enterAssignments());
    for (const { code, limit, before, after } of this.raised.values()) {
      this.report.note(users.name, 0, `${code} exceeded its ${limit} of ${before}: it is raised to ${after}`);
    }
    if (codes) await this.compareCounts(codes);
  }

  private async addCodes(source: Source, set: readonly Placed<LegacyCode>[]): Promise<void> {
    const added = await this.store.transaction(() =>
      this.store.addCodes(
        set.map(({ record }) => record),
        this.clock.now(),
      ),
    );
    const there = await this.store.codes(
      set.map(({ record }) => record.id),
      [],
    );
    const known = new Set(there.map(({ id }) => id));
    for (const { line, record } of set) {
      if (!known.has(record.id)) {
        this.report.refused('codes', source.name, line, `another code “${record.code}” exists and stays as it is`);
        this.foreign.add(record.id);
        continue;
      }
      if (added.has(record.id)) this.report.count('codes', 'added');
      else this.report.count('codes', 'known');
      if (record.usageCount !== null) {
        this.claimed.set(record.id, { line, count: record.usageCount, code: record.code });
      }
    }
  }

  private async stage(source: Source, set: readonly Placed<LegacyAssignment>[]): Promise<void> {
    const now = this.clock.now();
    const codeOf = await this.codesOf(set.map(({ record }) => record));
    const assignments: StagedAssignment[] = [];
    const redemptions: StagedRedemption[] = [];
    const refused: Parameters<Report['refused']>[] = [];
    for (const { line, record } of set) {
      const code = codeOf(record);
      if (!code?.isImported) {
        const name = 'legacyId' in record.code ? record.code.legacyId : record.code.written;
        const says = code || this.isForeign(record) ? 'was not imported: it stays as it is' : 'is unknown';
        refused.push(['assignments', source.name, line, `the code ${name} ${says}`]);
        continue;
      }
      const { personId, username, email } = record;
      const appliedAt = record.appliedAt ?? record.redemptions[0]?.appliedAt ?? now;
      assignments.push({
        codeId: code.id,
        personId,
        username,
        email,
        appliedAt,
        becomesApplication: code.kind === 'bonus',
      });
      for (const redemption of record.redemptions) {
        const staged = this.stagedOf(redemption, code, personId, record.appliedAt ?? now, line);
        if (staged) redemptions.push(staged);
        else
          refused.push([
            'redemptions',
            source.name,
            line,
            `${redemption.bonus} ${redemption.currency ?? ''} is not a bonus`,
          ]);
      }
    }
    const staged = await this.store.transaction(async () => {
      await this.store.stageAssignments(assignments);
      return this.redemptions.stage(redemptions);
    });
    this.report.count('assignments', 'known', assignments.length);
    this.report.count('redemptions', 'known', redemptions.length - staged);
    for (const refusal of refused) this.report.refused(...refusal);
  }

  private stagedOf(
    redemption: LegacyRedemption,
    code: StoredCode,
    personId: string,
    assignedAt: Temporal.Instant,
    line: number,
  ): StagedRedemption | null {
    const currency = redemption.currency ?? code.currency ?? this.currencyByDefault;
    const bonusMinor = minorOf(redemption.bonus ?? 0, currency);
    if (bonusMinor === null || bonusMinor < 0) return null;
    return {
      redemptionId: idFrom('legacy-system', 'redemption', code.id, personId, redemption.key),
      codeId: code.id,
      personId,
      offerId: redemption.offerId === null ? null : offerIdOf(redemption.offerId),
      offerName: redemption.offerName,
      conversionId: redemption.conversionId,
      bonusMinor,
      currency,
      appliedAt: redemption.appliedAt ?? assignedAt,
      line,
    };
  }

  private async enterRedemptions(source: Source): Promise<boolean> {
    const { redemptions, raised } = await this.store.transaction(() =>
      this.redemptions.enter(redemptionsMax, this.clock.now()),
    );
    for (const { line, outcome, conversionId } of redemptions) {
      if (outcome === 'conflict') {
        this.report.refused(
          'redemptions',
          source.name,
          line,
          `the code was redeemed for the conversion ${conversionId} already`,
        );
      } else if (outcome === 'recorded') {
        this.report.refused(
          'redemptions',
          source.name,
          line,
          `the conversion ${conversionId} was recorded here and keeps its reply`,
        );
      } else this.report.count('redemptions', outcome);
    }
    for (const { code, before, after } of raised) {
      for (const [limit, value] of Object.entries(after)) {
        const first = this.raised.get(`${code} ${limit}`);
        this.raised.set(`${code} ${limit}`, {
          code,
          limit,
          before: first?.before ?? (before[limit] as number),
          after: value,
        });
      }
    }
    return redemptions.length > 0;
  }

  private async enterAssignments(): Promise<boolean> {
    const { assignments, added } = await this.store.transaction(() => this.store.enterAssignments(assignmentsMax));
    this.report.count('assignments', 'added', added);
    this.report.count('assignments', 'known', -added);
    return assignments > 0;
  }

  /** Notes where the usage count that a code states differs from its redemptions, which are what counts. */
  private async compareCounts({ name }: Source): Promise<void> {
    const ids = [...this.claimed.keys()];
    for (let from = 0; from < ids.length; from += documentsMax) {
      const used = await this.store.usedOf(ids.slice(from, from + documentsMax));
      for (const [id, count] of used) {
        const claim = this.claimed.get(id);
        if (!claim || claim.count === count) continue;
        this.report.note(
          name,
          claim.line,
          `usage_count: ${claim.count} is stated of ${claim.code}, which has ${count} redemptions`,
        );
      }
    }
  }

  private async codesOf(assignments: readonly LegacyAssignment[]) {
    const idOf = ({ code }: LegacyAssignment) => ('legacyId' in code ? idOfLegacyCode(code.legacyId) : null);
    const foldedOf = ({ code }: LegacyAssignment) => ('written' in code ? foldCode(code.written) : null);
    const stored = await this.store.codes(
      assignments.map(idOf).filter((id) => id !== null),
      assignments.map(foldedOf).filter((folded) => folded !== null),
    );
    const byId = new Map(stored.map((code) => [code.id, code]));
    const byText = new Map(stored.map((code) => [code.folded, code]));
    return (assignment: LegacyAssignment) => byId.get(idOf(assignment) ?? '') ?? byText.get(foldedOf(assignment) ?? '');
  }

  private isForeign({ code }: LegacyAssignment): boolean {
    return 'legacyId' in code && this.foreign.has(idOfLegacyCode(code.legacyId));
  }

  /** The valid records of a file, in sets. The others are reported. */
  private async *setsOf<Legacy>(
    source: Source,
    what: 'codes' | 'assignments',
    read: (document: PlainObject) => Reading<Legacy>,
  ): AsyncGenerator<Placed<Legacy>[]> {
    let set: Placed<Legacy>[] = [];
    for await (const { line, text } of documentsIn(source.chunks)) {
      const reading = readingOf(text, read);
      if ('faults' in reading) {
        for (const fault of reading.faults) this.report.refused(what, source.name, line, fault);
        continue;
      }
      for (const note of reading.notes) this.report.note(source.name, line, note);
      if (set.push({ line, record: reading.record }) < documentsMax) continue;
      yield set;
      set = [];
    }
    if (set.length > 0) yield set;
  }

  /** Finds a record that the database refuses by halving its set; its neighbours are added. */
  private async bySet<Legacy>(
    what: 'codes' | 'assignments',
    source: Source,
    set: readonly Placed<Legacy>[],
    add: (set: readonly Placed<Legacy>[]) => Promise<void>,
  ): Promise<void> {
    try {
      await add(set);
    } catch (error) {
      if (!isDataFault(error)) throw error;
      if (set.length === 1) {
        this.report.refused(what, source.name, set[0]?.line ?? 0, (error as Error).message);
        return;
      }
      const half = set.length >> 1;
      await this.bySet(what, source, set.slice(0, half), add);
      await this.bySet(what, source, set.slice(half), add);
    }
  }
}

function readingOf<Legacy>(text: string, read: (document: PlainObject) => Reading<Legacy>): Reading<Legacy> {
  try {
    const document = plainOf(JSON.parse(text));
    return isPlainObject(document) ? read(document) : { faults: ['this is not a document'] };
  } catch (error) {
    if (error instanceof Unreadable) return { faults: [error.message] };
    if (error instanceof SyntaxError) return { faults: [`not JSON: ${error.message}`] };
    throw error;
  }
}

function minorOf(value: number | string, currency: string): number | null {
  try {
    return minorUnits(value, currency);
  } catch {
    // An unknown currency has no digits.
    return null;
  }
}

/** Classes 22 and 23 of SQLSTATE: data exceptions and broken constraints. */
function isDataFault(error: unknown): boolean {
  return /^2[23]/.test(String((error as { code?: unknown }).code));
}
