import { foldCode } from '#contracts/fold-code.js';
import type { Clock } from '#kernel/clock.js';
import { idFrom } from '#kernel/ids.js';
import { offerIdOf } from '../offers/domain/offer.js';
import { type LegacyAssignment, type LegacyUse, readLegacyAssignment } from './domain/legacy-assignment.js';
import { idOfLegacyCode, type LegacyCode, type Reading, readLegacyCode } from './domain/legacy-code.js';
import type { Holder, LegacyStore, StagedUse, StoredCode } from './legacy.store.js';
import { minorUnits } from './reading/decimal.js';
import { documentsIn } from './reading/documents.js';
import { isPlainObject, type PlainObject, plainOf, Unreadable } from './reading/extended-json.js';
import type { Report } from './report.js';

/** A file, as it streams by. */
export interface Source {
  readonly name: string;
  readonly chunks: AsyncIterable<string>;
}

/** A record and where it stands. */
interface Placed<Former> {
  readonly line: number;
  readonly record: Former;
}

const documentsMax = 1_000;
const holdersMax = 5_000;
const usesMax = 5_000;

/**
 * Brings the records of the former system in, in sets. Ids follow from those of the records, so what was brought is met
 * again and left alone: a second run changes nothing, and one that was broken off is simply run again. Bonuses of the
 * past were paid by the former system: they are counted here, and not earned again.
 */
export class ImportLegacyCodes {
  /** What codes said of their uses, to be compared at the end. */
  private readonly claimed = new Map<string, { line: number; count: number; code: string }>();
  /** Limits that were found passed, by code and limit: what they were, and what they came to in the end. */
  private readonly raised = new Map<string, { code: string; limit: string; before: number; after: number }>();
  /** Records whose text belongs to a code that stood here before. */
  private readonly foreign = new Set<string>();

  constructor(
    private readonly store: LegacyStore,
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
    await this.store.prepareHoldings();
    for await (const set of this.setsOf(users, 'holders', readLegacyAssignment)) {
      await this.bySet('holders', users, set, (part) => this.addHolders(users, part));
    }
    await this.store.addOffers(this.clock.now());
    while (await this.enterUses(users));
    while (await this.enterHolders());
    for (const { code, limit, before, after } of this.raised.values()) {
      this.report.note(users.name, 0, `${code} had passed its ${limit}, ${before}: it is ${after} now`);
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
        this.report.refused('codes', source.name, line, `there is another code “${record.code}”, which stays as it is`);
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

  private async addHolders(source: Source, set: readonly Placed<LegacyAssignment>[]): Promise<void> {
    const now = this.clock.now();
    const codeOf = await this.codesNamed(set.map(({ record }) => record));
    const holders: Holder[] = [];
    const uses: StagedUse[] = [];
    const refused: Parameters<Report['refused']>[] = [];
    for (const { line, record } of set) {
      const code = codeOf(record);
      if (!code?.isFormer) {
        const name = 'formerId' in record.code ? record.code.formerId : record.code.written;
        const says = code || this.isForeign(record) ? 'is not of a record: it stays as it is' : 'is unknown';
        refused.push(['holders', source.name, line, `the code ${name} ${says}`]);
        continue;
      }
      const { personId, username, email } = record;
      const appliedAt = record.appliedAt ?? record.uses[0]?.appliedAt ?? now;
      holders.push({ codeId: code.id, personId, username, email, appliedAt, isHeld: code.kind === 'bonus' });
      for (const use of record.uses) {
        const staged = this.stagedOf(use, code, personId, record.appliedAt ?? now, line);
        if (staged) uses.push(staged);
        else refused.push(['uses', source.name, line, `${use.bonus} ${use.currency ?? ''} is no bonus`]);
      }
    }
    const staged = await this.store.transaction(async () => {
      await this.store.stageHolders(holders);
      return this.store.stageUses(uses);
    });
    this.report.count('holders', 'known', holders.length);
    this.report.count('uses', 'known', uses.length - staged);
    for (const refusal of refused) this.report.refused(...refusal);
  }

  private stagedOf(
    use: LegacyUse,
    code: StoredCode,
    personId: string,
    heldAt: Temporal.Instant,
    line: number,
  ): StagedUse | null {
    const currency = use.currency ?? code.currency ?? this.currencyByDefault;
    const bonusMinor = minorOf(use.bonus ?? 0, currency);
    if (bonusMinor === null || bonusMinor < 0) return null;
    return {
      useId: idFrom('former-system', 'use', code.id, personId, use.key),
      codeId: code.id,
      personId,
      offerId: use.offerId === null ? null : offerIdOf(use.offerId),
      offerName: use.offerName,
      conversionId: use.conversionId,
      bonusMinor,
      currency,
      appliedAt: use.appliedAt ?? heldAt,
      line,
    };
  }

  private async enterUses(source: Source): Promise<boolean> {
    const { uses, raised } = await this.store.transaction(() => this.store.enterUses(usesMax, this.clock.now()));
    for (const { line, outcome, conversion_id: conversionId } of uses) {
      if (outcome === 'conflict') {
        this.report.refused('uses', source.name, line, `the conversion ${conversionId} is a use of the code already`);
      } else if (outcome === 'told') {
        this.report.refused(
          'uses',
          source.name,
          line,
          `the conversion ${conversionId} was told here, and has its answer`,
        );
      } else this.report.count('uses', outcome);
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
    return uses.length > 0;
  }

  private async enterHolders(): Promise<boolean> {
    const { holders, added } = await this.store.transaction(() => this.store.enterHolders(holdersMax));
    this.report.count('holders', 'added', added);
    this.report.count('holders', 'known', -added);
    return holders > 0;
  }

  /** What the code itself counted may be wrong, and its uses are what there is; whoever runs this should know. */
  private async compareCounts({ name }: Source): Promise<void> {
    const ids = [...this.claimed.keys()];
    for (let from = 0; from < ids.length; from += documentsMax) {
      const used = await this.store.usedOf(ids.slice(from, from + documentsMax));
      for (const [id, count] of used) {
        const claim = this.claimed.get(id);
        if (!claim || claim.count === count) continue;
        this.report.note(name, claim.line, `usage_count: says ${claim.count} of ${claim.code}; its uses are ${count}`);
      }
    }
  }

  private async codesNamed(holdings: readonly LegacyAssignment[]) {
    const idOf = ({ code }: LegacyAssignment) => ('formerId' in code ? idOfLegacyCode(code.formerId) : null);
    const foldedOf = ({ code }: LegacyAssignment) => ('written' in code ? foldCode(code.written) : null);
    const stored = await this.store.codes(
      holdings.map(idOf).filter((id) => id !== null),
      holdings.map(foldedOf).filter((folded) => folded !== null),
    );
    const byId = new Map(stored.map((code) => [code.id, code]));
    const byText = new Map(stored.map((code) => [code.folded, code]));
    return (holding: LegacyAssignment) => byId.get(idOf(holding) ?? '') ?? byText.get(foldedOf(holding) ?? '');
  }

  private isForeign({ code }: LegacyAssignment): boolean {
    return 'formerId' in code && this.foreign.has(idOfLegacyCode(code.formerId));
  }

  /** What can be read of a file, in sets; the rest is reported. */
  private async *setsOf<Former>(
    source: Source,
    what: 'codes' | 'holders',
    read: (document: PlainObject) => Reading<Former>,
  ): AsyncGenerator<Placed<Former>[]> {
    let set: Placed<Former>[] = [];
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

  /** A record that the database itself refuses is found by halving its set; its neighbours go in. */
  private async bySet<Former>(
    what: 'codes' | 'holders',
    source: Source,
    set: readonly Placed<Former>[],
    add: (set: readonly Placed<Former>[]) => Promise<void>,
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

function readingOf<Former>(text: string, read: (document: PlainObject) => Reading<Former>): Reading<Former> {
  try {
    const document = plainOf(JSON.parse(text));
    return isPlainObject(document) ? read(document) : { faults: ['this is no document'] };
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
    // A currency that nobody knows has no digits.
    return null;
  }
}

/** Classes 22 and 23 of SQLSTATE: data exceptions and broken constraints. */
function isDataFault(error: unknown): boolean {
  return /^2[23]/.test(String((error as { code?: unknown }).code));
}
