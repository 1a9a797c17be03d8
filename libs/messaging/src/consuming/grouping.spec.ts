import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { groupInOrder } from './grouping.js';

const message = fc.record({
  type: fc.constantFrom('opened', 'paid', 'closed'),
  subject: fc.constantFrom('a', 'b', 'c'),
});
const batches = fc
  .array(message, { maxLength: 40 })
  .map((batch) => batch.map((item, position) => ({ ...item, position })));

describe('a batch of mixed messages', () => {
  it('is grouped by type', () => {
    const batch = ['a', 'b', 'c'].flatMap((subject) => [
      { type: 'opened', subject },
      { type: 'closed', subject },
    ]);
    expect(groupInOrder(batch).map(({ type, items }) => [type, items.length])).toEqual([
      ['opened', 3],
      ['closed', 3],
    ]);
  });

  it('keeps every message, in groups of one type', () => {
    fc.assert(
      fc.property(batches, (batch) => {
        const groups = groupInOrder(batch);
        for (const { type, items } of groups) expect(items.every((item) => item.type === type)).toBe(true);
        const positions = groups.flatMap(({ items }) => items.map(({ position }) => position));
        expect(positions.sort((left, right) => left - right)).toEqual(batch.map(({ position }) => position));
      }),
    );
  });

  it('keeps the order of each subject', () => {
    fc.assert(
      fc.property(batches, (batch) => {
        const handled = groupInOrder(batch).flatMap(({ items }) => items);
        for (const subject of ['a', 'b', 'c']) {
          const positions = handled.filter((item) => item.subject === subject).map(({ position }) => position);
          expect(positions).toEqual(positions.toSorted((left, right) => left - right));
        }
      }),
    );
  });
});
