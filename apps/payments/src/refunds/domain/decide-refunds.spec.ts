import { describe, expect, it } from '@jest/globals';
import { type AccountBalance, Balances } from '../../ledger/domain/balances.js';
import { decideRefunds } from './decide-refunds.js';
import type { Refund, RefundablePayment } from './refund.js';
import type { RefundState } from './refund-book.js';
import type { RefundNotice } from './refund-notice.js';

const cause = { correlationId: 'test', traceparent: undefined };
const payment: RefundablePayment = {
  id: 'payment-1',
  provider: 'standard',
  reference: 'pay 1',
  amountMinor: 1_000,
  currency: 'EUR',
  refundedMinor: 0,
  excessMinor: 0,
  extras: {},
  personId: 'person',
  orderId: null,
};
const notice = (details: Partial<RefundNotice> = {}): RefundNotice => ({
  provider: 'standard',
  kind: 'refund',
  reference: 'refund 1',
  paymentReference: payment.reference,
  amountMinor: 400,
  currency: 'EUR',
  reinstated: false,
  cause,
  ...details,
});
const idOf = (last: number) => `019a0000-0000-7000-8000-${last.toString(16).padStart(12, '0')}`;
const known = (state: Refund['state'], details: Partial<Refund> = {}): Refund => {
  const { reinstated: _, cause: __, ...rest } = notice();
  return { ...rest, id: idOf(1), state, ...details };
};
const person = (availableMinor: number, version = 1): AccountBalance => ({
  kind: 'person',
  owner: 'person',
  currency: 'EUR',
  availableMinor,
  version,
});

function decide(
  notices: readonly RefundNotice[],
  { balances, ...state }: Partial<Omit<RefundState, 'balances'>> & { balances?: AccountBalance[] } = {},
) {
  let last = 0x1000;
  const nextId = () => {
    last += 0x10;
    return idOf(last);
  };
  return decideRefunds(
    notices,
    { refunds: [], payments: [payment], ...state, balances: new Balances(balances ?? [person(1_000)]) },
    nextId,
  );
}

const verdicts = ({ answers }: ReturnType<typeof decide>) => answers.map(({ verdict, reason }) => reason ?? verdict);
const moved = ({ postings }: ReturnType<typeof decide>) =>
  postings.map((set) => set.map(({ movement, amountMinor }) => [movement, amountMinor]));

describe('a set of notices', () => {
  it('applies a refund once, and a repeat in the set brings no news', () => {
    const decision = decide([notice(), notice()]);
    expect(verdicts(decision)).toEqual(['applied', 'duplicate']);
    expect(decision.added).toHaveLength(1);
    expect(moved(decision)).toEqual([[['refund-payment', 400]]]);
    expect(decision.moves).toMatchObject([{ refund: { state: 'applied' }, owedMinor: 0, accountVersion: 2 }]);
  });

  it('keeps a refund whose payment is not known, which moves nothing', () => {
    const decision = decide([notice()], { payments: [] });
    expect(verdicts(decision)).toEqual(['waiting']);
    expect(decision).toMatchObject({ added: [{ state: 'waiting' }], moves: [], postings: [] });
  });

  it('turns what the person does not have into a debt, posted before and listed before the refund', () => {
    const decision = decide([notice({ reference: 'b' }), notice({ reference: 'a' })], { balances: [person(500, 7)] });
    expect(moved(decision)).toEqual([
      [['raise-debt', 300]],
      [
        ['refund-payment', 400],
        ['refund-payment', 400],
      ],
    ]);
    expect(decision.added.map(({ id }) => id)).toEqual([idOf(0x1010), idOf(0x1020)]);
    expect(decision.postings[0]?.[0]?.id).toBe(idOf(0x101f));
    expect(decision.moves.map(({ owedMinor, accountVersion }) => [owedMinor, accountVersion])).toEqual([
      [0, 9],
      [300, 10],
    ]);
    expect(decision.balances.owedMinor('person', 'EUR')).toBe(300);
  });

  it('takes nothing of a person below zero, and all of it from suspense', () => {
    expect(decide([notice()], { balances: [person(-5)] }).moves).toMatchObject([{ owedMinor: 400 }]);
    const decision = decide([notice()], { payments: [{ ...payment, personId: null }], balances: [] });
    expect(decision.moves).toMatchObject([{ owedMinor: 0, accountVersion: null }]);
    expect(decision.postings[0]?.[0]?.debit.kind).toBe('suspense');
  });

  it.each([
    ['amount', { amountMinor: 401 }],
    ['currency', { currency: 'USD' }],
    ['payment', { paymentReference: 'another' }],
  ])('quarantines a notice with another %s than the first one', (_, other) => {
    expect(verdicts(decide([notice(), notice(other), notice({ ...other, reinstated: true })]))).toEqual([
      'applied',
      'REFUND_REUSED',
      'REFUND_REUSED',
    ]);
  });

  it('takes up to what is left of the payment from the payer, and the rest is an expense', () => {
    const parts = [800, 300, 200].map((amountMinor, index) => notice({ amountMinor, reference: `part ${index}` }));
    const decision = decide([...parts.slice(0, 2), { ...(parts[2] as RefundNotice), kind: 'dispute' }]);
    expect(verdicts(decision)).toEqual(['applied', 'applied', 'applied']);
    expect(moved(decision)).toEqual([
      [
        ['refund-payment', 800],
        ['refund-payment', 200],
      ],
      [
        ['refund-excess', 100],
        ['dispute-excess', 200],
      ],
    ]);
    expect(decision.moves.map(({ excessMinor, accountVersion }) => [excessMinor, accountVersion])).toEqual([
      [0, 2],
      [100, 3],
      [200, 3],
    ]);
    expect(decision.refunded).toEqual(new Map([['payment-1', { refundedMinor: 1_000, excessMinor: 300 }]]));
  });

  it('refuses another currency than that of the payment', () => {
    expect(verdicts(decide([notice({ currency: 'USD' })]))).toEqual(['REFUND_CURRENCY_DIFFERS']);
  });
});

describe('a reinstatement', () => {
  it('of an applied refund credits the payer, once', () => {
    const decision = decide([notice({ reinstated: true }), notice({ reinstated: true }), notice()], {
      refunds: [known('applied')],
      payments: [{ ...payment, refundedMinor: 400 }],
    });
    expect(verdicts(decision)).toEqual(['applied', 'duplicate', 'duplicate']);
    expect(moved(decision)).toEqual([[['reinstate-refund', 400]]]);
    expect(decision.moves).toMatchObject([{ refund: { state: 'reinstated' }, owedMinor: 0, accountVersion: 2 }]);
  });

  it('before anything moved voids the refund, in either order of both notices', () => {
    const both = [notice(), notice({ reinstated: true })];
    expect(verdicts(decide(both))).toEqual(['applied', 'applied']);
    const turned = decide(both.toReversed());
    expect(verdicts(turned)).toEqual(['applied', 'duplicate']);
    expect(turned).toMatchObject({ moves: [], postings: [], voided: [turned.added[0]?.id] });
    expect(verdicts(decide([notice({ reinstated: true })], { refunds: [known('waiting')] }))).toEqual(['applied']);
  });

  it('returns what was taken beyond the payment first, and the rest to the payer', () => {
    const decision = decide([notice({ reinstated: true })], {
      refunds: [known('applied')],
      payments: [{ ...payment, refundedMinor: 1_000, excessMinor: 300 }],
    });
    expect(moved(decision)).toEqual([[['reinstate-refund', 100]], [['reinstate-excess', 300]]]);
    expect(decision.moves).toMatchObject([{ excessMinor: 300, owedMinor: 0 }]);
    expect(decision.refunded).toEqual(new Map([['payment-1', { refundedMinor: 900, excessMinor: 0 }]]));
  });
});
