import { NotPossible, type Payer } from './payer.ts';
import type { Payment, Session } from './records.ts';

/** What can be done on the page of a session. `amount` is the one that was given, in Stripe's units. */
export const sessionActs = {
  pay: (payer: Payer, session: Session) => payer.pay(session),
  'pay-in-part': (payer: Payer, session: Session, { amount }: Given) => {
    if (amount === undefined || amount >= session.amount) throw new NotPossible('A part is less than the amount.');
    return payer.pay(session, amount);
  },
  'pay-too-much': (payer: Payer, session: Session, { amount }: Given) => {
    if (amount === undefined || amount <= session.amount) throw new NotPossible('Too much is more than the amount.');
    return payer.pay(session, amount);
  },
  'pay-twice': (payer: Payer, session: Session) => payer.payTwice(session),
  'pay-late': (payer: Payer, session: Session, { seconds }: Given) => payer.payLate(session, seconds),
  'pay-unnamed': (payer: Payer, session: Session, { amount }: Given) => payer.payUnnamed(session, amount),
} as const;

/** What can become of a payment. */
export const paymentActs = {
  arrive: (payer: Payer, payment: Payment) => payer.arrive(payment),
  refund: (payer: Payer, payment: Payment, { amount }: Given) => payer.refund(payment, amount),
  'fail-refund': (payer: Payer, payment: Payment) => payer.failRefund(payment),
  dispute: (payer: Payer, payment: Payment) => payer.dispute(payment),
  'win-dispute': (payer: Payer, payment: Payment) => payer.decideDispute(payment, 'won'),
  'lose-dispute': (payer: Payer, payment: Payment) => payer.decideDispute(payment, 'lost'),
} as const;

export interface Given {
  readonly amount?: number;
  readonly seconds?: number;
}

export type SessionAct = keyof typeof sessionActs;
export type PaymentAct = keyof typeof paymentActs;

export const isSessionAct = (name: string): name is SessionAct => Object.hasOwn(sessionActs, name);
export const isPaymentAct = (name: string): name is PaymentAct => Object.hasOwn(paymentActs, name);
