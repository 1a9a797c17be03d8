import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { z } from 'zod';
import {
  creditApplied,
  orderSettled,
  paymentCredited,
  paymentDisputed,
  paymentRefunded,
  paymentRegistered,
} from '#contracts/payments/payments.js';
import { newId } from '#kernel/ids.js';
import { at, type Ledger, notice, openLedger, order } from '../test/ledger-fixture.js';
import { admitPersons, openReceivables, registerPayments, settleReceivables } from '../test/movements.js';

const contracts = [paymentRegistered, paymentCredited, creditApplied, orderSettled, paymentRefunded, paymentDisputed];

let ledger: Ledger;

beforeAll(async () => {
  ledger = await openLedger();
});
afterAll(() => ledger.close());

/** The types of the events since the last look, after each was parsed by its contract, which leaves nothing over. */
async function publishedTypes(): Promise<string[]> {
  const events = await ledger.sql.query<{ type: string; data: unknown }>(
    'with taken as (delete from outbox returning *) select type, data from taken order by id',
  );
  for (const { type, data } of events) {
    const contract = contracts.find((one) => one.type === type) as (typeof contracts)[number];
    expect((contract.data as z.ZodObject).strict().parse(data)).toEqual(data);
  }
  return events.map(({ type }) => type);
}

describe('an event that an SQL function writes into the outbox keeps its contract', () => {
  it('where a payment funds an order, stands on an account, and stands in suspense', async () => {
    const mine = order();
    await openReceivables(ledger.sql, [mine], at);
    const paid = [notice({ orderNamed: mine.orderId }), notice({ personNamed: mine.personId }), notice()];
    await registerPayments(ledger.sql, paid, at);
    expect(await publishedTypes()).toEqual(paid.map(() => paymentRegistered.type));
  });

  it('where money leaves suspense, with or without an order', async () => {
    const mine = order();
    await openReceivables(ledger.sql, [mine], at);
    const newcomer = newId();
    const waiting = [notice({ personNamed: newcomer }), notice({ personNamed: newcomer, orderNamed: mine.orderId })];
    await registerPayments(ledger.sql, waiting, at);
    await publishedTypes();
    await admitPersons(ledger.sql, [{ personId: newcomer, cause: mine.cause }], at);
    expect(await publishedTypes()).toEqual(waiting.map(() => paymentCredited.type));
  });

  it('where money that is there funds an order, and the order settles', async () => {
    const first = order();
    await openReceivables(ledger.sql, [first], at);
    await registerPayments(ledger.sql, [notice({ orderNamed: first.orderId, amountMinor: 3_000 })], at);
    await publishedTypes();
    const next = order({ personId: first.personId });
    await openReceivables(ledger.sql, [next], at);
    await settleReceivables(ledger.sql, [first, next], at);
    expect(await publishedTypes()).toEqual([creditApplied.type, orderSettled.type, orderSettled.type]);
  });
});
