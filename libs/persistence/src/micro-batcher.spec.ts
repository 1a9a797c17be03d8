import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MicroBatcher, Overloaded } from './micro-batcher.js';

/** A writer whose calls end when the test says so. */
function heldWriter() {
  const calls: { items: number[]; end: (error?: Error) => void }[] = [];
  const write = (items: number[]) =>
    new Promise<number[]>((resolve, reject) => {
      calls.push({ items, end: (error) => (error ? reject(error) : resolve(items.map((item) => item * 10))) });
    });
  return { calls, write };
}

/** Long enough for a set to start: the turn in which it gathers, and the next. */
const turn = async () => {
  for (let count = 0; count < 2; count += 1) await new Promise((resolve) => setImmediate(resolve));
};

describe('a batcher', () => {
  it('sends a lone item at once', async () => {
    const { calls, write } = heldWriter();
    const answer = new MicroBatcher(write).submit(1);
    await turn();
    expect(calls.map(({ items }) => items)).toEqual([[1]]);
    calls[0]?.end();
    await expect(answer).resolves.toBe(10);
  });

  it('gathers what arrives while the writer is busy, up to its bound', async () => {
    const { calls, write } = heldWriter();
    const batcher = new MicroBatcher(write, { batchMax: 3 });
    const answers = [batcher.submit(1)];
    await turn();
    answers.push(...[2, 3, 4, 5].map((item) => batcher.submit(item)));
    calls[0]?.end();
    await turn();
    expect(calls.map(({ items }) => items)).toEqual([[1], [2, 3, 4]]);
    calls[1]?.end();
    await turn();
    calls[2]?.end();
    await expect(Promise.all(answers)).resolves.toEqual([10, 20, 30, 40, 50]);
    expect(calls.map(({ items }) => items)).toEqual([[1], [2, 3, 4], [5]]);
  });

  it('sends a second set beside the first when it may and there is company, and no third', async () => {
    const { calls, write } = heldWriter();
    const batcher = new MicroBatcher(write, { batchesAtOnce: 2 });
    const answers = [batcher.submit(0)];
    await turn();
    const submit = (count: number) => {
      for (let item = 0; item < count; item += 1) answers.push(batcher.submit(item));
    };
    submit(15);
    await turn();
    expect(calls.map(({ items }) => items.length)).toEqual([1]);
    submit(5);
    await turn();
    expect(calls.map(({ items }) => items.length)).toEqual([1, 20]);
    submit(40);
    await turn();
    expect(calls).toHaveLength(2);
    calls[1]?.end();
    await turn();
    expect(calls.map(({ items }) => items.length)).toEqual([1, 20, 40]);
    submit(1);
    calls[0]?.end();
    await turn();
    expect(calls).toHaveLength(3);
    calls[2]?.end();
    await turn();
    calls[3]?.end();
    await expect(Promise.all(answers)).resolves.toHaveLength(62);
    await batcher.drained();
  });

  it('leaves nobody behind, however many batches run at once and however callers come', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 3 }),
        fc.array(fc.record({ callers: fc.integer({ min: 1, max: 40 }), turns: fc.nat({ max: 3 }) }), { maxLength: 12 }),
        async (batchesAtOnce, arrivals) => {
          const batcher = new MicroBatcher<number, number>(
            async (items) => {
              await turn();
              return items;
            },
            { batchesAtOnce, batchMax: 25 },
          );
          const answers: Promise<number>[] = [];
          for (const { callers, turns } of arrivals) {
            for (let caller = 0; caller < callers; caller += 1) answers.push(batcher.submit(answers.length));
            for (let count = 0; count < turns; count += 1) await turn();
          }
          await expect(Promise.all(answers)).resolves.toEqual(answers.map((_, index) => index));
          await batcher.drained();
          expect(batcher.waitingCount).toBe(0);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('turns callers away when too many wait, and takes them again later', async () => {
    const { calls, write } = heldWriter();
    const batcher = new MicroBatcher(write, { waitingMax: 1 });
    const first = batcher.submit(1);
    await turn();
    const second = batcher.submit(2);
    await expect(batcher.submit(3)).rejects.toBeInstanceOf(Overloaded);
    calls[0]?.end();
    await turn();
    calls[1]?.end();
    await expect(Promise.all([first, second])).resolves.toEqual([10, 20]);
    await batcher.drained();
    expect(batcher.waitingCount).toBe(0);
  });

  it('gives only the poisoned items their error', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { minLength: 1, maxLength: 40 }), async (poisoned) => {
        const written: number[] = [];
        const batcher = new MicroBatcher<number, number>(async (items) => {
          if (items.some((item) => poisoned[item])) throw new Error('poison');
          written.push(...items);
          return items;
        });
        const outcomes = await Promise.allSettled(poisoned.map((_, item) => batcher.submit(item)));
        expect(outcomes.map(({ status }) => status)).toEqual(
          poisoned.map((isPoisoned) => (isPoisoned ? 'rejected' : 'fulfilled')),
        );
        expect(written).toEqual(poisoned.flatMap((isPoisoned, item) => (isPoisoned ? [] : [item])));
      }),
      { numRuns: 50 },
    );
  });

  it.each([
    ['the database is away', '57P01'],
    ['a lock is held', '55P03'],
    ['it lost a deadlock', '40P01'],
    ['a statement took too long', '57014'],
  ])('does not try items one by one when %s', async (_, code) => {
    let calls = 0;
    const batcher = new MicroBatcher<number, number>(() => {
      calls += 1;
      return Promise.reject(Object.assign(new Error('the database says no'), { code }));
    });
    const outcomes = await Promise.allSettled([1, 2, 3, 4].map((item) => batcher.submit(item)));
    expect(outcomes.every(({ status }) => status === 'rejected')).toBe(true);
    expect(calls).toBe(1);
  });

  it('refuses to guess when the writer answers too little', async () => {
    const batcher = new MicroBatcher<number, number>(async () => []);
    await expect(batcher.submit(1)).rejects.toThrow('0 answers to 1 items');
  });
});
