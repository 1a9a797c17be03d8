import { Injectable } from '@nestjs/common';
import { foldCode } from '#contracts/fold-code.js';
import { Clock } from '#kernel/clock.js';
import { newIds } from '#kernel/ids.js';
import { Transactions, type Tx } from '#persistence/transaction.js';
import { termsOf } from '../code-wire.js';
import { CodesStore, type CodeText } from '../codes.store.js';
import { BatchesStore } from './batches.store.js';
import { type CodeBatch, type Generation, isUnfinished } from './domain/code-batch.js';
import { CodePattern } from './domain/pattern.js';

/** Codes in one transaction: a fraction of a second, so that a restart has little to wait for. */
const drawnMax = 20_000;
/** Rows in one transaction, where each code brings its persons: well within the time that a statement may take. */
const rowsMax = 50_000;

/**
 * Draws the next codes of a generation. Those that somebody has already are left out and others drawn in their place,
 * until there are as many as were asked for or the pattern has no more. The place in the pattern commits together with
 * the codes, so whoever goes on after a crash neither doubles nor leaves out any.
 */
@Injectable()
export class DrawCodes {
  constructor(
    private readonly transactions: Transactions,
    private readonly batches: BatchesStore,
    private readonly codes: CodesStore,
    private readonly clock: Clock,
  ) {}

  /** What comes next, thought of while the database was busy with what came before. */
  private ahead: Drawn | undefined;

  /** The batch as it stands now; to be called again while it is unfinished. */
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
    // The next ones are drawn while these are written. Near the end they may be too few, and are drawn again.
    const next = countAt({ ...walked, done: batch.done + count }, pattern);
    this.ahead = next > 0 ? drawOf(walked, pattern, next) : undefined;
    return ended({ ...walked, done: batch.done + (await writing) }, pattern, this.clock.now());
  }

  private async write(tx: Tx, { id, terms, createdBy, done, walked }: Generation, { texts }: Drawn): Promise<number> {
    const common = { ...termsOf(terms), status: terms.status, batchId: id, createdBy, createdAt: this.clock.now() };
    // As long as none was taken the next are probably free as well; from the first one that was each is looked at.
    const areAllFree = done === walked && (await this.codes.addAllAlike(tx, texts, common));
    const added = areAllFree ? texts.length : await this.codes.addAlike(tx, texts, common);
    const ids = texts.map((text) => text.id);
    if (terms.persons.length > 0) await this.codes.listAlike(tx, ids, terms.persons);
    return added;
  }
}

/** Codes that stand at a place of a generation's walk, in the order of their folded text. */
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
