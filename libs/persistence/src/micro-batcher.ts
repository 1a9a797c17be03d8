import { setImmediate as nextTurn } from 'node:timers/promises';
import { databaseFault } from './faults.js';

/** Too many callers already wait; come back later (503 with Retry-After at an HTTP edge). */
export class Overloaded extends Error {
  override readonly name = 'Overloaded';
}

/** The bounds of a batcher. */
export interface MicroBatcherOptions {
  /** How many items go in one call at the most. */
  readonly batchMax?: number;
  /** How many callers may wait before further ones are turned away. */
  readonly waitingMax?: number;
  /**
   * How many sets may be under way at once. Two keep a writer busy whose database serialises them: while one is
   * written, the next is made ready and the one before is answered. More only make sets smaller.
   */
  readonly lanes?: number;
}

/** A further set sets out beside another one only with this many in it; fewer wait for that one's end. */
const minimumBatch = 16;

interface Waiting<Item, Answer> {
  readonly item: Item;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Many callers, one writer, sets. While a call to the database runs, callers gather; when it ends, all that gathered
 * (up to `batchMax`) go in the next. A lone caller goes at once: there is no timer. Throughput comes from the size of
 * the sets, which grow by themselves with the load.
 *
 * `write` is one transaction and answers one entry per item, in order. When it fails by the fault of an item, the
 * batch is halved until the poisoned one is alone: only that caller gets the error, its neighbours' effects commit.
 * When the database is away, or the set lost against somebody else's lock, all of the batch get the error at once: no
 * item is to blame, each piece would wait for the same lock again, and whoever sent them tries again.
 */
export class MicroBatcher<Item, Answer> {
  private readonly batchMax: number;
  private readonly waitingMax: number;
  private readonly lanes: number;
  private readonly waiting: Waiting<Item, Answer>[] = [];
  private readonly running = new Set<Promise<void>>();
  private underWay = 0;

  constructor(
    private readonly write: (items: Item[]) => Promise<Answer[]>,
    { batchMax = 512, waitingMax = 10_000, lanes = 1 }: MicroBatcherOptions = {},
  ) {
    this.batchMax = batchMax;
    this.waitingMax = waitingMax;
    this.lanes = lanes;
  }

  /** How many callers wait for the next call. */
  get waitingCount(): number {
    return this.waiting.length;
  }

  /**
   * Resolves after commit with the answer to this item.
   * @throws Overloaded at once when too many wait; otherwise what the database said about this item.
   */
  submit(item: Item): Promise<Answer> {
    if (this.waiting.length >= this.waitingMax) {
      return Promise.reject(new Overloaded(`${this.waiting.length} already wait for the writer`));
    }
    return new Promise<Answer>((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      if (this.mayDrive()) this.setOut();
    });
  }

  /** Resolves when nobody waits any more. For shutting down, after the sources have been closed. */
  async drained(): Promise<void> {
    while (this.running.size > 0) await Promise.all(this.running);
  }

  private setOut(): void {
    const driven: Promise<void> = this.drive().finally(() => this.running.delete(driven));
    this.running.add(driven);
  }

  /** Whether those who wait should set out beside the sets that are under way. */
  private mayDrive(): boolean {
    return this.underWay === 0
      ? this.waiting.length > 0
      : this.underWay < this.lanes && this.waiting.length >= minimumBatch;
  }

  private async drive(): Promise<void> {
    do {
      this.underWay += 1;
      // All that the sockets bring in one turn of the event loop belongs together, and whoever was answered just now
      // may be back within it: a set then starts as one, and not as a first caller and the rest.
      await nextTurn();
      await this.deliver(this.waiting.splice(0, this.batchMax));
      this.underWay -= 1;
    } while (this.mayDrive());
  }

  private async deliver(batch: Waiting<Item, Answer>[]): Promise<void> {
    if (batch.length === 0) return;
    let answers: Answer[];
    try {
      answers = await this.write(batch.map(({ item }) => item));
      if (answers.length !== batch.length) throw new Error(`${answers.length} answers to ${batch.length} items`);
    } catch (error) {
      if (batch.length === 1 || databaseFault(error) !== 'other') {
        for (const passenger of batch) passenger.reject(error);
        return;
      }
      const half = batch.length >> 1;
      await this.deliver(batch.slice(0, half));
      await this.deliver(batch.slice(half));
      return;
    }
    for (const [index, passenger] of batch.entries()) passenger.resolve(answers[index] as Answer);
  }
}
