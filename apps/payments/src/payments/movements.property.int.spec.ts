import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { newId } from '#kernel/ids.js';
import { Corrections } from '../../test/corrections.js';
import { at, bonus, cause, type Ledger, notice, openLedger, order, refund } from '../../test/ledger-fixture.js';
import { LedgerModel } from '../../test/ledger-model.js';
import {
  admitPersons,
  assignPayments,
  dismissPayments,
  grantBonuses,
  openReceivables,
  recordRefunds,
  registerInSteps,
  registerPayments,
  reverseBonuses,
  settleReceivables,
  withdrawReceivables,
} from '../../test/movements.js';

const currencies = ['EUR', 'USD'];
const personsMax = 3;
const ordersMax = 12;
const paymentsMax = 12;
const bonusesMax = 6;
const refundsMax = 10;

/** Some notices of a payment lack its names, and some lack its extras or some of them. */
const somePayments = fc.array(
  fc.record({
    index: fc.nat(paymentsMax - 1),
    unnamed: fc.boolean(),
    extras: fc.constantFrom('all' as const, 'tip' as const, 'none' as const),
  }),
  { minLength: 1, maxLength: 6 },
);
/** By the tenth of the amount. */
const someExtras = fc.constantFrom({}, {}, { tax: 2 }, { tip: 1, tax: 2 }, { tip: 1, shipping: 3 }, { tax: 10 });
const someBonuses = fc.array(fc.nat(bonusesMax - 1), { minLength: 1, maxLength: 4 });
const someRefunds = fc.array(fc.record({ index: fc.nat(refundsMax - 1), reinstated: fc.boolean() }), {
  minLength: 1,
  maxLength: 5,
});
const someOrders = fc.array(fc.nat(ordersMax - 1), { minLength: 1, maxLength: 5 });

/** Each step is one batch, with repeats inside and across batches. */
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ does: fc.constant('pay' as const), which: somePayments }) },
  { weight: 3, arbitrary: fc.record({ does: fc.constant('open' as const), which: someOrders }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constantFrom('close' as const, 'end' as const), which: someOrders }) },
  {
    weight: 2,
    arbitrary: fc.record({ does: fc.constantFrom('grant' as const, 'reverse' as const), which: someBonuses }),
  },
  { weight: 3, arbitrary: fc.record({ does: fc.constant('refund' as const), which: someRefunds }) },
  fc.record({ does: fc.constant('admit' as const), which: fc.tuple(fc.nat(personsMax - 1)) }),
  fc.record({ does: fc.constant('dismiss' as const), which: fc.tuple(fc.nat(paymentsMax - 1)) }),
  fc.record({
    does: fc.constant('assign' as const),
    which: fc.tuple(fc.nat(paymentsMax - 1), fc.nat(personsMax - 1), fc.nat(ordersMax - 1)),
  }),
  {
    weight: 3,
    arbitrary: fc.record({
      does: fc.constantFrom('correct' as const, 'give back' as const, 'pay out' as const),
      which: fc.tuple(fc.nat(paymentsMax - 1), fc.nat(900)),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      does: fc.constant('write off' as const),
      which: fc.tuple(fc.nat(ordersMax - 1), fc.nat(900)),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      does: fc.constant('reassign' as const),
      which: fc.tuple(fc.nat(paymentsMax - 1), fc.nat(personsMax - 1), fc.nat(ordersMax - 1)),
    }),
  },
);

/** Few prices, so that money often equals one of them. */
const prices = [0, 100, 250, 400, 900];
/** Most money has one currency, so that several orders of a person wait for it. */
const someCurrency = fc.constantFrom(...currencies, 'EUR');
const currencyOf = (index: number) => currencies[index % 4 === 3 ? 1 : 0] as string;

const environment = fc.record({
  prices: fc.array(fc.constantFrom(...prices), { minLength: ordersMax, maxLength: ordersMax }),
  tolerances: fc.array(fc.constantFrom(0, 0, 60), { minLength: ordersMax, maxLength: ordersMax }),
  payments: fc.array(
    fc.record({
      amountMinor: fc.oneof(fc.constantFrom(...prices.slice(1)), fc.integer({ min: 1, max: 1_200 })),
      person: fc.option(fc.nat(personsMax - 1)),
      order: fc.option(fc.nat(ordersMax - 1)),
      currency: someCurrency,
      extras: someExtras,
    }),
    { minLength: paymentsMax, maxLength: paymentsMax },
  ),
  bonuses: fc.array(fc.integer({ min: 1, max: 500 }), { minLength: bonusesMax, maxLength: bonusesMax }),
  refunds: fc.array(
    fc.record({
      payment: fc.nat(paymentsMax - 1),
      amountMinor: fc.integer({ min: 1, max: 900 }),
      kind: fc.constantFrom('refund' as const, 'dispute' as const),
      foreign: fc.integer({ min: 0, max: 9 }).map((dice) => dice === 0),
    }),
    { minLength: refundsMax, maxLength: refundsMax },
  ),
  steps: fc.array(step, { minLength: 5, maxLength: 30 }),
});

/** Of the amount, rounded down. */
function extrasOf(amountMinor: number, tenths: { tip?: number; tax?: number; shipping?: number }) {
  const partOf = (tenth = 0) => Math.floor((amountMinor * tenth) / 10) || null;
  return { tipMinor: partOf(tenths.tip), taxMinor: partOf(tenths.tax), shippingMinor: partOf(tenths.shipping) };
}

let ledger: Ledger;

/** The balances of suspense and of the accounts of extras. */
const standing = (currency: string) =>
  Promise.all(
    [['suspense', 'unmatched'], ...['tip', 'tax', 'shipping'].map((kind) => [kind, 'collected'])].map(([kind, owner]) =>
      ledger.balance(kind as string, owner as string, currency),
    ),
  );

beforeAll(async () => {
  ledger = await openLedger();
});

afterAll(() => ledger.close());

describe('any sequence of payments, corrections, refunds, openings, ends, closings, assignments and bonuses, batched in any way, with repeats', () => {
  it.each([
    ['in one statement where that does', registerPayments],
    ['in steps', registerInSteps],
  ])(
    'ends as the rules say when payments are registered %s, with every invariant proved',
    async (_, register) => {
      await fc.assert(
        fc.asyncProperty(
          environment,
          async ({ prices, tolerances, payments, bonuses: amounts, refunds: sent, steps }) => {
            const persons = Array.from({ length: personsMax }, newId);
            const orders = prices.map((amountMinor, index) =>
              order({
                personId: persons[index % personsMax] as string,
                amountMinor,
                toleranceMinor: amountMinor === 0 ? 0 : (tolerances[index] as number),
                currency: currencyOf(index),
              }),
            );
            const notices = payments.map((payment) =>
              notice({
                amountMinor: payment.amountMinor,
                currency: payment.currency,
                personNamed: payment.person === null ? null : (persons[payment.person] as string),
                orderNamed: payment.order === null ? null : (orders[payment.order]?.orderId ?? null),
                ...extrasOf(payment.amountMinor, payment.extras),
              }),
            );
            const bonuses = amounts.map((amountMinor, index) =>
              bonus({
                personId: persons[index % personsMax] as string,
                amountMinor,
                currency: currencyOf(index),
              }),
            );
            const refunds = sent.map(({ payment, amountMinor, kind, foreign }) => {
              const refunded = notices[payment] as (typeof notices)[number];
              return refund(refunded, { amountMinor, kind, ...(foreign && { currency: 'GBP' }) });
            });
            const paymentIds = new Map<string, string>();
            const before = await Promise.all(currencies.map(standing));
            const expense = (currency: string) => ledger.balance('write_off', 'shortfalls', currency);
            const expenseBefore = await Promise.all(currencies.map(expense));
            const foreign = (currency: string) => ledger.balance('foreign_money', 'dismissed', currency);
            const foreignBefore = await Promise.all(currencies.map(foreign));
            const excess = (currency: string) => ledger.balance('refund_expense', 'excess', currency);
            const excessBefore = await Promise.all(currencies.map(excess));
            const model = new LedgerModel();
            const corrections = new Corrections(ledger.sql);

            for (const { does, which } of steps) {
              if (does === 'refund') {
                const batch = which.map(({ index, reinstated }) => ({
                  ...(refunds[index] as (typeof refunds)[number]),
                  reinstated,
                }));
                await recordRefunds(ledger.sql, batch, at);
                model.refund(batch);
                continue;
              }
              if (does === 'pay') {
                const batch = which.map(({ index, unnamed, extras }) => ({
                  ...(notices[index] as (typeof notices)[number]),
                  ...(unnamed && { personNamed: null, orderNamed: null }),
                  ...(extras !== 'all' && { taxMinor: null, shippingMinor: null }),
                  ...(extras === 'none' && { tipMinor: null }),
                }));
                const answers = await register(ledger.sql, batch, at);
                batch.forEach(({ reference }, index) => {
                  paymentIds.set(reference, answers[index]?.paymentId ?? '');
                });
                model.register(batch);
                continue;
              }
              const chosen = which.map((index) => orders[index % ordersMax] as (typeof orders)[number]);
              const stateOf = ({ orderId }: { orderId: string }) => model.states.get(orderId);
              if (does === 'open') {
                await openReceivables(ledger.sql, chosen, at);
                model.open(chosen);
              } else if (does === 'end') {
                const batch = chosen.filter((one) => stateOf(one) !== 'settled');
                await withdrawReceivables(ledger.sql, batch, at);
                model.withdraw(batch);
              } else if (does === 'close') {
                const batch = chosen.filter(
                  (one) =>
                    stateOf(one) === 'reserved' ||
                    stateOf(one) === 'settled' ||
                    (one.amountMinor === 0 && stateOf(one) !== 'withdrawn'),
                );
                await settleReceivables(ledger.sql, batch, at);
                model.settle(batch);
              } else if (does === 'grant') {
                const batch = which.map((index) => bonuses[index] as (typeof bonuses)[number]);
                await grantBonuses(ledger.sql, batch, at);
                model.grant(batch);
              } else if (does === 'reverse') {
                const batch = which.map((index) => bonuses[index] as (typeof bonuses)[number]);
                await reverseBonuses(
                  ledger.sql,
                  batch.map((one) => ({ ...one, reason: 'refund' })),
                  at,
                );
                model.reverse(batch);
              } else if (does === 'dismiss') {
                const reference = notices[which[0] as number]?.reference ?? '';
                const paymentId = paymentIds.get(reference);
                if (!paymentId) continue;
                await dismissPayments(ledger.sql, [{ paymentId, dismissedBy: 'admin', note: 'not ours' }], at);
                model.dismiss(reference);
              } else if (does === 'admit') {
                const personId = persons[which[0] as number] as string;
                await admitPersons(ledger.sql, [{ personId, cause }], at);
                model.admit(personId);
              } else if (does === 'write off') {
                const [index, amountMinor] = which as [number, number];
                const { orderId } = orders[index] as (typeof orders)[number];
                expect(await corrections.writeOff(orderId, amountMinor)).toBe(model.writeOff(orderId, amountMinor));
              } else if (does === 'pay out') {
                const [index, amountMinor] = which as [number, number];
                const personId = persons[index % personsMax] as string;
                const paid = await corrections.payOut(personId, amountMinor + 1, currencyOf(index));
                expect(paid).toBe(model.payOut(personId, amountMinor + 1, currencyOf(index)));
              } else if (does === 'correct' || does === 'give back') {
                const [index, amountMinor] = which as [number, number];
                const reference = notices[index]?.reference ?? '';
                const paymentId = paymentIds.get(reference);
                if (!paymentId) continue;
                const [done, expected] =
                  does === 'correct'
                    ? [await corrections.correct(paymentId, amountMinor), model.correct(reference, amountMinor)]
                    : // Zero: all that is left.
                      [
                        await corrections.giveBack(paymentId, amountMinor || undefined),
                        model.giveBack(reference, amountMinor || undefined),
                      ];
                expect(done).toBe(expected);
              } else if (does === 'reassign') {
                const reference = notices[which[0] as number]?.reference ?? '';
                const personId = persons[which[1] as number] as string;
                const paymentId = paymentIds.get(reference);
                if (!paymentId) continue;
                await admitPersons(ledger.sql, [{ personId, cause }], at);
                model.admit(personId);
                const named = orders[which[2] as number] as (typeof orders)[number];
                const isKnown = model.states.has(named.orderId) && named.personId === personId;
                const isPayable = named.currency === notices[which[0] as number]?.currency;
                const orderId = isKnown && isPayable ? named.orderId : undefined;
                const done = await corrections.reassign(paymentId, personId, orderId);
                expect(done).toBe(model.reassign(reference, personId, orderId));
              } else {
                const reference = notices[which[0] as number]?.reference ?? '';
                const personId = persons[which[1] as number] as string;
                const paymentId = paymentIds.get(reference);
                if (!paymentId || !model.isUnmatched(reference)) continue;
                await admitPersons(ledger.sql, [{ personId, cause }], at);
                model.admit(personId);
                const notified = notices[which[0] as number];
                const named = orders[which[2] as number];
                const isTheirs = named && named.personId === personId && named.currency === notified?.currency;
                const assignedOrderId = isTheirs ? named.orderId : undefined;
                const match = { paymentId, personId, assignedBy: 'admin', assignedOrderId, cause };
                await assignPayments(ledger.sql, [match], at);
                model.assign(reference, personId, assignedOrderId);
              }
            }

            for (const { orderId } of orders)
              expect(await ledger.receivableState(orderId)).toBe(model.states.get(orderId));
            for (const [index, currency] of currencies.entries()) {
              for (const personId of persons) {
                expect(await ledger.available(personId, currency)).toBe(model.availableTo(personId, currency));
                expect(await ledger.owed(personId, currency)).toBe(model.owedBy(personId, currency));
              }
              const kinds = ['tip', 'tax', 'shipping'] as const;
              const expected = [model.suspended(currency), ...kinds.map((kind) => model.collected(kind, currency))];
              const now = await standing(currency);
              expect(now.map((balance, at) => balance - (before[index]?.[at] as number))).toEqual(expected);
              expect((await foreign(currency)) - (foreignBefore[index] as number)).toBe(model.foreign(currency));
              expect((excessBefore[index] as number) - (await excess(currency))).toBe(model.excess(currency));
              expect((expenseBefore[index] as number) - (await expense(currency))).toBe(model.expensed(currency));
            }
            expect(await ledger.violations()).toEqual([]);
          },
        ),
        { numRuns: 60 },
      );
    },
    120_000,
  );
});
