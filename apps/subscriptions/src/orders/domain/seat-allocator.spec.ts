import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Refusal } from '#kernel/refusal.js';
import type { PublishedClass } from '../../classes/domain/class.js';
import { keyOf, type RuleVersion } from '../../rules/domain/rule.js';
import type { Commitments } from './person-commitments.js';
import { type AllocatedOrder, type OrderRequest, SeatAllocator } from './seat-allocator.js';

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
    repeatEnrolment: 'refused',
    latePayment: 'reopen',
    paymentToleranceMinor: 0,
    publishedAt: now,
    ...terms,
  };
}

function allocatorOf(
  classes: PublishedClass[],
  persons: string[],
  commitments: Partial<Commitments> = {},
): SeatAllocator {
  return new SeatAllocator(
    {
      persons: new Set(persons),
      classes: new Map(classes.map((published) => [published.id, published])),
      rules: new Map(rules.map((rule) => [keyOf(rule), rule])),
      commitments: { openOrders: [], enrolments: [], unpaid: new Map(), ...commitments },
      unpaidMax: 2,
    },
    now,
  );
}

/** The commitments that follow from the orders of earlier sets. */
function commitmentsOf(orders: readonly AllocatedOrder[]): Commitments {
  const opened = orders.filter(({ state }) => state === 'opened');
  return {
    openOrders: orders.flatMap((order) => (order.state === 'closed' ? [] : [order])),
    enrolments: orders.flatMap((order) => (order.state === 'closed' ? [{ ...order, orderId: order.id }] : [])),
    unpaid: new Map([...Map.groupBy(opened, ({ personId }) => personId)].map(([id, { length }]) => [id, length])),
  };
}

function allocate(allocator: SeatAllocator, request: Omit<OrderRequest, 'orderId'>): AllocatedOrder | Refusal {
  return allocator.allocate({ orderId: `order-${request.personId}-${request.classId}`, ...request });
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
      ...{ subscriptionId: 'order', period: 0, enrols: true, anchor: null, nextAt: null, dueDate: null, dunning: [] },
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
      toleranceMinor: 0,
      currency: 'EUR',
      startDate: Temporal.PlainDate.from('2026-03-02'),
      endDate: null,
      approvalRequired: false,
      repeatEnrolment: 'refused',
      replacesOrderId: null,
      openedAt: now,
      expiresAt: Temporal.Instant.from('2026-03-03T09:00:00Z'),
    });
    expect([...allocator.allocated]).toEqual([['class', 1]]);
  });

  it.each([
    [2, 1_500, 2],
    [5_000, 1_500, 1_499],
    [2, 1, 0],
    [2, 0, 0],
  ])(
    'pins the tolerance of the class, %i, below its amount, %i: %i',
    (paymentToleranceMinor, price, toleranceMinor) => {
      const published = classOf({ paymentToleranceMinor, parameters: { price } });
      expect(allocate(allocatorOf([published], ['asha']), asha)).toMatchObject({ amountMinor: price, toleranceMinor });
    },
  );

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

  const earlier = { id: 'earlier', state: 'opened', ...asha } as const;
  const open = { ...earlier, expiresAt: Temporal.Instant.from('2026-03-04T09:00:00Z') };

  it('when the person has an open order of the class, from before or from within the set', () => {
    const allocator = allocatorOf([classOf({})], ['asha', 'ben'], { openOrders: [open] });
    expect(outcomes(allocator, asha, ben, ben)).toEqual(['ORDER_ALREADY_OPEN', 'opened', 'ORDER_ALREADY_OPEN']);
    expect(allocate(allocator, asha)).toMatchObject({
      details: { order_id: 'earlier', state: 'opened', expires_at: '2026-03-04T09:00:00Z' },
    });
  });

  const days = (start: string, end: string | null) => ({
    ...asha,
    orderId: 'earlier',
    startDate: Temporal.PlainDate.from(start),
    endDate: end === null ? null : Temporal.PlainDate.from(end),
  });
  const enrolled = (start: string, end: string | null, terms: Partial<PublishedClass> = {}) =>
    outcomes(allocatorOf([classOf(terms)], ['asha'], { enrolments: [days(start, end)] }), asha);

  it.each<[string, string | null, string]>([
    ['2026-01-01', null, 'ALREADY_ENROLLED'],
    ['2026-01-01', '2026-03-02', 'ALREADY_ENROLLED'],
    ['2026-09-01', null, 'ALREADY_ENROLLED'],
    ['2026-01-01', '2026-03-01', 'opened'],
  ])('of a person who is in the class from %s to %s, on 2026-03-02: %s', (start, end, outcome) => {
    expect(enrolled(start, end)).toEqual([outcome]);
    expect(enrolled(start, end, { repeatEnrolment: 'allowed' })).toEqual(['opened']);
  });

  it('but not for the next term of a class', () => {
    const next = { startDate: Temporal.PlainDate.from('2026-04-01'), endDate: Temporal.PlainDate.from('2026-06-30') };
    expect(enrolled('2026-01-01', '2026-03-31', next)).toEqual(['opened']);
    expect(enrolled('2026-01-01', '2026-04-01', next)).toEqual(['ALREADY_ENROLLED']);
    expect(enrolled('2026-07-01', null, next)).toEqual(['opened']);
  });

  it('when the first order closed at once, unless the class allows more', () => {
    const free = classOf({ ruleId: 'free' });
    expect(outcomes(allocatorOf([free], ['asha']), asha, asha)).toEqual(['closed', 'ALREADY_ENROLLED']);
    const repeated = allocatorOf([{ ...free, repeatEnrolment: 'allowed' }], ['asha']);
    expect(outcomes(repeated, asha, asha)).toEqual(['closed', 'closed']);
  });

  it('when the person has as many unpaid orders as are allowed; a free order is none', () => {
    const classes = ['a', 'b', 'free'].map((id) => classOf({ id, ruleId: id === 'free' ? 'free' : 'single_payment' }));
    const allocator = allocatorOf(classes, ['asha'], { unpaid: new Map([['asha', 1]]) });
    const requests = classes.map(({ id }) => ({ personId: 'asha', classId: id }));
    expect(outcomes(allocator, ...requests)).toEqual(['opened', 'TOO_MANY_OPEN_ORDERS', 'closed']);
  });

  it('when it would cost more than the caller gives; cheaper is welcome', () => {
    const cost = (amountMinorMax: number) =>
      allocate(allocatorOf([classOf({})], ['asha']), { ...asha, amountMinorMax });
    expect(cost(1_499)).toMatchObject({
      code: 'PRICE_CHANGED',
      details: { field: 'amount_minor', amount_minor: 1_500, currency: 'EUR' },
    });
    expect([cost(1_500), cost(9_999)]).toMatchObject([{ state: 'opened' }, { amountMinor: 1_500 }]);
  });

  it('by its amount after the discounts', () => {
    const discounts = {
      priceMinor: 1_500,
      currency: 'EUR',
      discounts: [{ code: 'x', discountMinor: 400, explanation: '' }],
      payBy: null,
    };
    const cost = (amountMinorMax: number) =>
      outcomes(allocatorOf([classOf({})], ['asha']), { ...asha, discounts, amountMinorMax });
    expect([cost(1_099), cost(1_100)]).toEqual([['PRICE_CHANGED'], ['opened']]);
  });
});

describe('a set of requests', () => {
  const requests = fc.array(
    fc.record({
      personId: fc.constantFrom('asha', 'ben', 'chen', 'nobody'),
      classId: fc.constantFrom('open', 'small', 'free', 'many', 'paid', 'nowhere'),
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
          classOf({ id: 'many', capacity: 5, seatsTaken, ruleId: 'free', repeatEnrolment: 'allowed' }),
          classOf({ id: 'paid' }),
        ];
        const together = allocatorOf(classes, persons);
        const inOneSet = outcomes(together, ...all);

        const orders: AllocatedOrder[] = [];
        const oneByOne = all.map((request) => {
          const alone = allocatorOf(classes, persons, commitmentsOf(orders));
          const outcome = allocate(alone, request);
          if (!(outcome instanceof Refusal)) orders.push(outcome);
          for (const [id, seats] of alone.allocated) {
            classes = classes.map((each) => (each.id === id ? { ...each, seatsTaken: each.seatsTaken + seats } : each));
          }
          return outcome instanceof Refusal ? outcome.code : outcome.state;
        });

        expect(inOneSet).toEqual(oneByOne);
        for (const { capacity, seatsTaken: taken } of classes) expect(taken <= (capacity ?? taken)).toBe(true);
        const once = orders
          .filter(({ classId }) => classId !== 'many')
          .map(({ personId, classId }) => personId + classId);
        expect(new Set(once).size).toBe(once.length);
        for (const person of persons) {
          expect(orders.filter(({ personId, state }) => personId === person && state === 'opened').length).toBeLessThan(
            3,
          );
        }
      }),
    );
  });
});
