import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Refusal } from '#kernel/refusal.js';
import type { PublishedClass } from '../../classes/domain/class.js';
import { keyOf, type RuleVersion } from '../../rules/domain/rule.js';
import { type OrderRequest, pairKey, SeatAllocator } from './seat-allocator.js';

const now = Temporal.Instant.from('2026-03-02T09:00:00Z');

const rules = ['single_payment', 'free'].map(
  (method): RuleVersion => ({
    ruleId: method,
    version: 1,
    title: method,
    description: '',
    method,
    template: [{ name: 'level', type: 'level', required: false, default: 'beginner' }],
    examples: [],
    publishedAt: now,
  }),
);

function classOf(terms: Partial<PublishedClass>): PublishedClass {
  return {
    id: 'class',
    title: 'Chess',
    description: '',
    ruleId: 'single_payment',
    ruleVersion: 1,
    parameters: { price: 1_500 },
    timeZone: 'Europe/Berlin',
    currency: 'EUR',
    capacity: null,
    seatsTaken: 0,
    approvalRequired: false,
    startDate: null,
    endDate: null,
    paymentWindowHours: 48,
    publishedAt: now,
    ...terms,
  };
}

function allocatorOf(
  classes: PublishedClass[],
  persons: string[],
  stillOpen: Omit<OrderRequest, 'orderId'>[] = [],
): SeatAllocator {
  return new SeatAllocator(
    {
      persons: new Set(persons),
      classes: new Map(classes.map((published) => [published.id, published])),
      rules: new Map(rules.map((rule) => [keyOf(rule), rule])),
      stillOpen: new Set(stillOpen.map(pairKey)),
    },
    now,
  );
}

function outcomes(allocator: SeatAllocator, ...requests: Omit<OrderRequest, 'orderId'>[]): string[] {
  return requests.map((request, index) => {
    const outcome = allocator.allocate({ orderId: `order-${index}`, ...request });
    return outcome instanceof Refusal ? outcome.code : outcome.state;
  });
}

const asha = { personId: 'asha', classId: 'class' };
const ben = { personId: 'ben', classId: 'class' };

describe('a request becomes an order', () => {
  it('with all its terms', () => {
    const allocator = allocatorOf([classOf({ capacity: 3, seatsTaken: 2, paymentWindowHours: 24 })], ['asha']);
    expect(allocator.allocate({ orderId: 'order', ...asha })).toEqual({
      id: 'order',
      personId: 'asha',
      classId: 'class',
      state: 'opened',
      ruleId: 'single_payment',
      ruleVersion: 1,
      parameters: { price: 1_500, level: 'beginner' },
      trace: [
        { step: 'amount', explanation: 'It costs 15.00 EUR, paid once.' },
        { step: 'start', explanation: 'It starts on the day of the order in Europe/Berlin, 2026-03-02.' },
        { step: 'end', explanation: 'It has no end.' },
      ],
      discounts: [],
      amountMinor: 1_500,
      currency: 'EUR',
      startDate: Temporal.PlainDate.from('2026-03-02'),
      endDate: null,
      approvalRequired: false,
      openedAt: now,
      expiresAt: Temporal.Instant.from('2026-03-03T09:00:00Z'),
    });
    expect([...allocator.allocated]).toEqual([['class', 1]]);
  });

  it.each([
    ['opened', { ruleId: 'single_payment' }],
    ['closed', { ruleId: 'free' }],
    ['closed', { ruleId: 'single_payment', parameters: { price: 0 } }],
    ['confirmed', { ruleId: 'free', approvalRequired: true }],
    ['opened', { ruleId: 'single_payment', approvalRequired: true }],
  ])('that is %s, of a class of %j', (state, terms) => {
    expect(outcomes(allocatorOf([classOf(terms)], ['asha']), asha)).toEqual([state]);
  });
});

describe('a request is refused', () => {
  it('of an unknown person or for an unknown class', () => {
    const allocator = allocatorOf([classOf({})], ['asha']);
    expect(outcomes(allocator, ben, { personId: 'asha', classId: 'elsewhere' })).toEqual([
      'PERSON_NOT_FOUND',
      'CLASS_NOT_FOUND',
    ]);
  });

  it('in another currency than the class’s', () => {
    const allocator = allocatorOf([classOf({})], ['asha']);
    expect(outcomes(allocator, { ...asha, currency: 'USD' }, { ...asha, currency: 'EUR' })).toEqual([
      'CURRENCY_MISMATCH',
      'opened',
    ]);
  });

  it('for a class that has ended', () => {
    const ended = classOf({ endDate: Temporal.PlainDate.from('2026-03-01') });
    expect(outcomes(allocatorOf([ended], ['asha', 'ben']), asha, ben)).toEqual(['CLASS_ENDED', 'CLASS_ENDED']);
  });

  it('when all seats are taken, by others or within the set', () => {
    const allocator = allocatorOf([classOf({ capacity: 2, seatsTaken: 1 })], ['asha', 'ben']);
    expect(outcomes(allocator, asha, ben)).toEqual(['opened', 'CLASS_FULL']);
    expect([...allocator.allocated]).toEqual([['class', 1]]);
  });

  it('when the person has an open order of the class, from before or from within the set', () => {
    const allocator = allocatorOf([classOf({})], ['asha', 'ben'], [asha]);
    expect(outcomes(allocator, asha, ben, ben)).toEqual(['ORDER_ALREADY_OPEN', 'opened', 'ORDER_ALREADY_OPEN']);
  });

  it('but not when the first order closed at once', () => {
    expect(outcomes(allocatorOf([classOf({ ruleId: 'free' })], ['asha']), asha, asha)).toEqual(['closed', 'closed']);
  });
});

describe('a set of requests', () => {
  const requests = fc.array(
    fc.record({
      personId: fc.constantFrom('asha', 'ben', 'chen', 'nobody'),
      classId: fc.constantFrom('open', 'small', 'free', 'nowhere'),
    }),
    { maxLength: 40 },
  );

  it('ends like the same requests one by one, and never exceeds the capacity of a class', () => {
    fc.assert(
      fc.property(requests, fc.nat(3), (all, seatsTaken) => {
        const persons = ['asha', 'ben', 'chen'];
        let classes: PublishedClass[] = [
          classOf({ id: 'open' }),
          classOf({ id: 'small', capacity: 4, seatsTaken }),
          classOf({ id: 'free', capacity: 5, seatsTaken, ruleId: 'free' }),
        ];
        const together = allocatorOf(classes, persons);
        const inOneSet = outcomes(together, ...all);

        const stillOpen: Omit<OrderRequest, 'orderId'>[] = [];
        const oneByOne = all.map((request) => {
          const alone = allocatorOf(classes, persons, stillOpen);
          const [outcome] = outcomes(alone, request);
          if (outcome === 'opened') stillOpen.push(request);
          for (const [id, seats] of alone.allocated) {
            classes = classes.map((each) => (each.id === id ? { ...each, seatsTaken: each.seatsTaken + seats } : each));
          }
          return outcome;
        });

        expect(inOneSet).toEqual(oneByOne);
        for (const { capacity, seatsTaken: taken } of classes) expect(taken <= (capacity ?? taken)).toBe(true);
      }),
    );
  });
});
