import { setImmediate as nextTurn } from 'node:timers/promises';
import { databaseFault } from './faults.js';

/** Too many callers wait already; an HTTP edge answers 503 with Retry-After. */
export class Overloaded extends Error {
  override readonly name = 'Overloaded';
}

/** The bounds of a batcher. */
export interface MicroBatcherOptions {
  /** Items in one batch at the most. */
  readonly batchMax?: number;
  /** Callers that may wait before further ones are refused. */
  readonly waitingMax?: number;
  /**
   * Batches that may be written at once. Two keep a writer busy whose database serialises them: while one is written,
   * the next is prepared and the callers of the one before get their answers. More only make batches smaller.
   */
  readonly batchesAtOnce?: number;
}

/** Fewer items than this wait for the end of the batch under way; only then does a further one start beside it. */
const minimumBatch = 16;

interface Waiting<Item, Answer> {
  readonly item: Item;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Groups the items of many callers into batches for one writer. While a batch is written, further items wait; when it
 * ends, all that wait (up to `batchMax`) form the next batch. A lone item is written at once: there is no timer.
 * Batches grow with the load, and throughput with the batches.
 *
 * `write` is one transaction and returns one answer per item, in order. When it fails by the fault of an item, the
 * batch is halved until that item is alone: only its caller gets the error, the other items are committed. When the
 * database is away, or the batch lost against a lock, every caller of the batch gets the error at once: no item caused
 * it, each half would wait for the same lock again, and callers retry.
 */
export class MicroBatcher<Item, Answer> {
  private readonly batchMax: number;
  private readonly waitingMax: number;
  private readonly batchesAtOnce: number;
  private readonly waiting: Waiting<Item, Answer>[] = [];
  private readonly running = new Set<Promise<void>>();
  private underWay = 0;

  constructor(
    private readonly write: (items: Item[]) => Promise<Answer[]>,
    { batchMax = 512, waitingMax = 10_000, batchesAtOnce = 1 }: MicroBatcherOptions = {},
  ) {
    this.batchMax = batchMax;
    this.waitingMax = waitingMax;
    this.batchesAtOnce = batchesAtOnce;
  }

  /** How many callers wait for the next batch. */
  get waitingCount(): number {
    return this.waiting.length;
  }

  /**
   * Resolves after commit with the answer to this item.
   * @throws Overloaded at once when too many callers wait; otherwise the error of the database for this item
   */
  submit(item: Item): Promise<Answer> {
    if (this.waiting.length >= this.waitingMax) {
      return Promise.reject(new Overloaded(`${this.waiting.length} already wait for the writer`));
    }
    return new Promise<Answer>((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      if (this.mayStart()) this.startRun();
    });
  }

  /** Resolves when no caller waits any more. For a shutdown, after the sources were closed. */
  async drained(): Promise<void> {
    while (this.running.size > 0) await Promise.all(this.running);
  }

  private startRun(): void {
    const run: Promise<void> = this.run().finally(() => this.running.delete(run));
    this.running.add(run);
  }

  /** Whether the waiting items should form a batch beside those under way. */
  private mayStart(): boolean {
    return this.underWay === 0
      ? this.waiting.length > 0
      : this.underWay < this.batchesAtOnce && this.waiting.length >= minimumBatch;
  }

  private async run(): Promise<void> {
    do {
      this.underWay += 1;
      // Items that arrive in one turn of the event loop belong together, and a caller that was answered just now may
      // submit again within it. Without this turn a first item would go alone, and the rest after it.
      await nextTurn();
      await this.flush(this.waiting.splice(0, this.batchMax));
      this.underWay -= 1;
    } while (this.mayStart());
  }

  private async flush(batch: Waiting<Item, Answer>[]): Promise<void> {
    if (batch.length === 0) return;
    let answers: Answer[];
    try {
      answers = await this.write(batch.map(({ item }) => item));
      if (answers.length !== batch.length) throw new Error(`${answers.length} answers to ${batch.length} items`);
    } catch (error) {
      if (batch.length === 1 || databaseFault(error) !== 'other') {
        for (const caller of batch) caller.reject(error);
        return;
      }
      const half = batch.length >> 1;
      await this.flush(batch.slice(0, half));
      await this.flush(batch.slice(half));
      return;
    }
    for (const [index, caller] of batch.entries()) caller.resolve(answers[index] as Answer);
  }
}
