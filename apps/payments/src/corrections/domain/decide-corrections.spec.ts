import { describe, expect, it } from '@jest/globals';
import { Balances } from '../../ledger/domain/balances.js';
import { decideCorrections } from './decide-corrections.js';
import type { CorrectablePayment } from './payment-correction.js';
import { refuseRefunds } from './refuse-refunds.js';

const payment = (details: Partial<CorrectablePayment> = {}): CorrectablePayment => ({
  id: 'p',
  provider: 'cash',
  reference: 'receipt 1',
  amountMinor: 900,
  currency: 'EUR',
  refundedMinor: 0,
  excessMinor: 0,
  extrasMinor: 0,
  personId: 'asha',
  orderId: null,
  ...details,
});
const state = (one: CorrectablePayment, availableMinor = 900) => ({
  payments: new Map([[one.id, one]]),
  balances: new Balances([{ kind: 'person', owner: 'asha', currency: 'EUR', availableMinor, version: 1 }]),
});
let made = 0;
const nextId = () => `id ${++made}`;
const to = (amountMinor: number) => ({ paymentId: 'p', amountMinor, reason: 'typed wrong' });
const codes = (results: readonly object[]) => results.map((result) => ('code' in result ? result.code : 'done'));

describe('corrections of one set', () => {
  it('follow each other: each sees the amount and the money that the one before left', () => {
    const { results, postings } = decideCorrections([to(500), to(500), to(700), to(0)], state(payment()), nextId);
    expect(codes(results)).toEqual(['done', 'AMOUNT_UNCHANGED', 'done', 'done']);
    expect(postings.map(({ debit, credit, amountMinor }) => [debit.kind, credit.kind, amountMinor])).toEqual([
      ['person', 'provider_clearing', 400],
      ['provider_clearing', 'person', 200],
      ['person', 'provider_clearing', 700],
    ]);
  });

  it('raise a debt before they take what the person has spent', () => {
    const { results, postings } = decideCorrections([to(100)], state(payment(), 300), nextId);
    expect(results).toMatchObject([{ movedMinor: 800, owedMinor: 500 }]);
    expect(postings.map(({ movement, amountMinor }) => [movement, amountMinor])).toEqual([
      ['raise-debt', 500],
      ['correct-payment', 800],
    ]);
  });

  it('are refused for payments whose amount a provider says', () => {
    const theirs = payment({ provider: 'stripe' });
    expect(codes(decideCorrections([to(100)], state(theirs), nextId).results)).toEqual(['PAYMENT_NOT_BY_HAND']);
  });
});

describe('refunds of one set', () => {
  it('share what is left of their payment', () => {
    const wanted = [600, 400, null, 1].map((amountMinor) => ({ paymentId: 'p', amountMinor }));
    const results = refuseRefunds(wanted, state(payment()).payments);
    expect(codes(results)).toEqual(['done', 'REFUND_EXCEEDS_PAYMENT', 'done', 'PAYMENT_REFUNDED']);
  });

  it('are refused for payments that a provider refunds', () => {
    const { payments } = state(payment({ provider: 'stripe' }));
    expect(codes(refuseRefunds([{ paymentId: 'p', amountMinor: 1 }], payments))).toEqual(['PAYMENT_NOT_BY_HAND']);
  });
});
