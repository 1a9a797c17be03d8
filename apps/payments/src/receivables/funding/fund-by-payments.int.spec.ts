import { beforeAll, describe, expect, it } from '@jest/globals';
import { paymentCredited } from '#contracts/payments/payments.js';
import { newId } from '#kernel/ids.js';
import { Corrections } from '../../../test/corrections.js';
import { at, cause, notice, order } from '../../../test/ledger-fixture.js';
import { admitPersons, assignPayments, openReceivables, withdrawReceivables } from '../../../test/movements.js';
import { OnePerson } from '../../../test/one-person.js';

const one = OnePerson.inEachTest();
const receivedAt = at.subtract({ hours: 30 });

/** An order of the person that expired. */
async function expired(personId = one.personId) {
  const gone = order({ personId, amountMinor: 700 });
  await openReceivables(one.ledger.sql, [gone], at);
  await withdrawReceivables(one.ledger.sql, [{ ...gone, reason: 'expired' }], at);
  return gone.orderId;
}

/** What was published of payments that persons got since the last call. */
async function credited() {
  const events = await one.ledger.published();
  return events
    .filter(({ type }) => type === paymentCredited.type)
    .map(({ data }) => {
      const event = paymentCredited.data.parse(data);
      return [event.person_id, event.order_id, event.amount_minor, event.available_minor, event.received_at];
    });
}

const received = () => receivedAt.toString({ smallestUnit: 'microsecond' });
const registered = () => at.toString({ smallestUnit: 'microsecond' });

describe('a payment that a person gets after its registration, for an order that has expired, is published', () => {
  let admin: Corrections;
  beforeAll(() => {
    admin = new Corrections(one.ledger.sql);
  });

  it('once when an admin assigns it, with the order that it names or that the admin names', async () => {
    const [named, given] = [await expired(), await expired()];
    const lost = { personNamed: newId(), receivedAt, amountMinor: 700 };
    const ids = await one.pay(notice({ ...lost, orderNamed: named }), notice({ ...lost, orderNamed: named }));
    expect(await credited()).toEqual([]);
    const assignments = [
      { paymentId: ids[0] as string, personId: one.personId, assignedBy: 'admin', cause },
      { paymentId: ids[1] as string, personId: one.personId, assignedBy: 'admin', assignedOrderId: given, cause },
    ];
    await assignPayments(one.ledger.sql, assignments, at);
    expect(await credited()).toEqual([
      [one.personId, named, 700, 1_400, received()],
      [one.personId, given, 700, 1_400, received()],
    ]);
    await assignPayments(one.ledger.sql, assignments, at);
    expect(await credited()).toEqual([]);
  });

  it('when a later notice adds the name', async () => {
    const orderId = await expired();
    const unnamed = notice({ amountMinor: 700 });
    await one.pay(unnamed);
    await one.pay({ ...unnamed, orderNamed: orderId });
    expect(await credited()).toEqual([[one.personId, orderId, 700, 700, registered()]]);
  });

  it('when its person is admitted, or the end of its order comes first', async () => {
    const newcomer = newId();
    const orderId = newId();
    await one.pay(notice({ amountMinor: 700, personNamed: newcomer, orderNamed: orderId }));
    await admitPersons(one.ledger.sql, [{ personId: newcomer, cause }], at);
    expect(await credited()).toEqual([[newcomer, orderId, 700, 700, registered()]]);
    const gone = one.opened(700);
    await one.pay(notice({ amountMinor: 700, orderNamed: gone.orderId }));
    await withdrawReceivables(one.ledger.sql, [{ ...gone, reason: 'expired' }], at);
    expect(await credited()).toEqual([[one.personId, gone.orderId, 700, 700, registered()]]);
  });

  it('when an admin raises its amount, or moves it from another person to the order', async () => {
    const mine = await expired();
    const [paymentId] = await one.pay(one.paid(70, { orderNamed: mine }));
    await one.ledger.published();
    expect(await admin.correct(paymentId as string, 700)).toBe('done');
    expect(await credited()).toEqual([[one.personId, mine, 630, 700, registered()]]);
    const right = newId();
    await admitPersons(one.ledger.sql, [{ personId: right, cause }], at);
    const theirs = await expired(right);
    expect(await admin.reassign(paymentId as string, right, theirs)).toBe('done');
    expect(await credited()).toEqual([[right, theirs, 700, 700, expect.anything()]]);
  });
});

it('a payment that funds the order which it names is published without what the person can spend', async () => {
  const waiting = one.opened(700);
  await openReceivables(one.ledger.sql, [waiting], at);
  const [paymentId] = await one.pay(notice({ amountMinor: 900, orderNamed: waiting.orderId, personNamed: newId() }));
  const assignment = { paymentId: paymentId as string, personId: one.personId, assignedBy: 'admin', cause };
  await assignPayments(one.ledger.sql, [assignment], at);
  expect(await credited()).toEqual([[one.personId, waiting.orderId, 900, null, registered()]]);
});
