import { Injectable } from '@nestjs/common';
import { foldCode } from '#contracts/promotions/fold-code.js';
import { Clock } from '#kernel/clock.js';
import { newIds } from '#kernel/ids.js';
import { Transactions, type Tx } from '#persistence/transaction.js';
import { termsOf } from '../code-view.js';
import { CodesStore, type CodeText } from '../codes.store.js';
import { BatchesStore } from './batches.store.js';
import { type CodeBatch, type Generation, isUnfinished } from './domain/code-batch.js';
import { CodePattern } from './domain/pattern.js';

/** Codes in one transaction: a fraction of a second, so that a shutdown waits briefly. */
const drawnMax = 20_000;
/** Rows in one transaction, the persons of each code included: well below the statement timeout. */
const rowsMax = 50_000;

/**
 * Draws the next codes of a generation. Codes that exist already are replaced by the next ones of the pattern, until
 * the requested number is reached or the pattern is exhausted. The position in the pattern commits together with the
 * codes, so that the next job after a crash repeats and skips none.
 */
@Injectable()
export class DrawCodes {
  constructor(
    private readonly transactions: Transactions,
    private readonly batches: BatchesStore,
    private readonly codes: CodesStore,
    private readonly clock: Clock,
  ) {}

  /** The next codes, computed while the database was writing the ones before. */
  private ahead: Drawn | undefined;

  /** @returns the batch after this step; call again while it is unfinished. */
  execute(batchId: string): Promise<CodeBatch | null> {
    return this.transactions.run(async (tx) => {
      const batch = await this.batches.lock(tx, batchId);
      if (batch?.kind !== 'generate' || !isUnfinished(batch)) return batch;
      const drawn = await this.draw(tx, batch);
      await this.batches.save(tx, drawn, this.clock.now());
      return drawn;
    });
  }

  private async draw(tx: Tx, batch: Generation): Promise<Generation> {
    const pattern = new CodePattern(batch.pattern);
    const count = countAt(batch, pattern);
    const drawn = isOf(this.ahead, batch, count) ? this.ahead : drawOf(batch, pattern, count);
    const writing = this.write(tx, batch, drawn);
    const walked = { ...batch, walked: batch.walked + count };
    // The next codes are computed while these are written. Near the end they may be too few; then they are computed
    // again.
    const next = countAt({ ...walked, done: batch.done + count }, pattern);
    this.ahead = next > 0 ? drawOf(walked, pattern, next) : undefined;
    return ended({ ...walked, done: batch.done + (await writing) }, pattern, this.clock.now());
  }

  private async write(tx: Tx, { id, terms, createdBy, done, walked }: Generation, { texts }: Drawn): Promise<number> {
    const common = { ...termsOf(terms), status: terms.status, batchId: id, createdBy, createdAt: this.clock.now() };
    // While no text was taken, the next are probably free too. After the first that was taken, each is checked.
    const areAllFree = done === walked && (await this.codes.addAllAlike(tx, texts, common));
    const added = areAllFree ? texts.length : await this.codes.addAlike(tx, texts, common);
    const ids = texts.map((text) => text.id);
    if (terms.persons.length > 0) await this.codes.listAlike(tx, ids, terms.persons);
    return added;
  }
}

/** The codes at one position of a generation's walk, in the order of their folded text. */
interface Drawn {
  readonly batchId: string;
  readonly from: number;
  readonly texts: readonly CodeText[];
}

function drawOf({ id: batchId, secret, walked: from }: Generation, pattern: CodePattern, count: number): Drawn {
  const codes = pattern.walk(secret, from, count).map((code) => ({ code, folded: foldCode(code) }));
  codes.sort((one, other) => (one.folded < other.folded ? -1 : 1));
  const ids = newIds(count);
  return { batchId, from, texts: codes.map((code, index) => ({ id: ids[index] as string, ...code })) };
}

function isOf(drawn: Drawn | undefined, { id, walked }: Generation, count: number): drawn is Drawn {
  return drawn?.batchId === id && drawn.from === walked && drawn.texts.length === count;
}

function countAt({ wanted, done, walked, terms }: Generation, pattern: CodePattern): number {
  const stepMax = Math.min(drawnMax, Math.floor(rowsMax / (1 + terms.persons.length)));
  const left = pattern.size - BigInt(walked);
  return Math.min(stepMax, wanted - done, left > stepMax ? stepMax : Number(left));
}

function ended(drawn: Generation, pattern: CodePattern, now: Temporal.Instant): Generation {
  if (drawn.done === drawn.wanted) return { ...drawn, state: 'done', finishedAt: now };
  const isExhausted = BigInt(drawn.walked) === pattern.size;
  return isExhausted ? { ...drawn, state: 'exhausted', finishedAt: now } : { ...drawn, state: 'running' };
}
