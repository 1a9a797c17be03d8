import { describe, expect, it } from '@jest/globals';
import { correctPayment, reassignPayment, refundPayment } from '#contracts/payments/corrections.js';
import { findPaidOrders, getPayment, listCandidates, listPayments } from '#contracts/payments/payment-search.js';
import { assignPayment, dismissPayment } from '#contracts/payments/payments.js';
import { newId } from '#kernel/ids.js';
import { author } from '../../test/corrections.js';
import { PayingPerson } from '../../test/paying-person.js';

const one = PayingPerson.inEachTest();
const { orderData, open, cash, register, admit } = one;
const reason = 'Typed wrong.';

describe('the orders of a reference', () => {
  const ordersOf = async (reference: string) => (await one.rpc.request(findPaidOrders, { reference })).order_ids;

  it('are those that its payment names, and those that it has funded', async () => {
    const [older, named] = [orderData(300), orderData(900)];
    await open(older);
    await open(named);
    const request = cash({ amount_minor: 1_200, order_id: named.order_id });
    await register(request);
    expect((await ordersOf(request.reference)).sort()).toEqual([older.order_id, named.order_id].sort());
  });

  it('are none of a payment that paid nothing, nor of an unknown or shortened reference', async () => {
    const request = cash();
    await register(request);
    for (const reference of [request.reference, newId(), request.reference.slice(0, -1)]) {
      expect(await ordersOf(reference)).toEqual([]);
    }
  });
});

describe('payments', () => {
  const found = async (filter: object) =>
    (await one.rpc.request(listPayments, { limit: 200, ...filter })).items.map(({ payment_id: id }) => id);

  it('are found by the beginning of the reference, and by the ids of payment and order', async () => {
    const order = orderData(900);
    await open(order);
    const prefix = newId().slice(0, 18);
    const first = await register(cash({ reference: `${prefix} 1`, order_id: order.order_id }));
    const second = await register(cash({ reference: `${prefix} 2`, method: 'bank_transfer' }));
    expect(await found({ search: prefix })).toEqual([second.payment_id, first.payment_id]);
    expect(await found({ search: `${prefix} 1` })).toEqual([first.payment_id]);
    expect(await found({ search: `${prefix}%` })).toEqual([]);
    expect(await found({ search: prefix, provider: 'bank_transfer' })).toEqual([second.payment_id]);
    expect(await found({ search: prefix, provider: 'stripe' })).toEqual([]);
    expect(await found({ search: first.payment_id.toUpperCase() })).toEqual([first.payment_id]);
    expect(await found({ search: order.order_id })).toEqual([first.payment_id]);
  });

  it('are found by the order that they funded or were assigned to', async () => {
    const [funded, assigned] = [orderData(300), orderData(400)];
    await open(funded);
    const paying = await register(cash({ amount_minor: 300 }));
    expect(await found({ search: funded.order_id })).toEqual([paying.payment_id]);
    await open(assigned);
    const { payment_id } = await register(cash({ person_id: newId(), amount_minor: 50 }));
    const request = { payment_id, person_id: one.personId, order_id: assigned.order_id, assigned_by: 'ravi' };
    await one.rpc.request(assignPayment, request, { author });
    expect(await found({ search: assigned.order_id })).toEqual([payment_id]);
  });

  it('are bounded by the instants of their registration: the first included, the last not', async () => {
    one.service.clock.moveBy({ hours: 1 });
    const from = one.service.clock.now();
    const { payment_id } = await register(cash());
    one.service.clock.moveBy({ minutes: 1 });
    const to = one.service.clock.now();
    const later = await register(cash());
    expect(await found({ from: from.toString(), to: to.toString() })).toEqual([payment_id]);
    expect(await found({ from: to.toString() })).toEqual([later.payment_id]);
  });
});

describe('a payment', () => {
  const detail = (payment_id: string) => one.rpc.request(getPayment, { payment_id });

  it('shows its transfers, returns and corrections', async () => {
    const order = orderData(900);
    await open(order);
    const { payment_id } = await register(cash({ amount_minor: 2_000, note: 'At the desk.' }));
    await one.rpc.request(refundPayment, { payment_id, amount_minor: 300, reason }, { author });
    await one.rpc.request(correctPayment, { payment_id, amount_minor: 1_900, reason }, { author });
    const shown = await detail(payment_id);
    expect(shown).toMatchObject({ payment_id, note: 'At the desk.', amount_minor: 1_900, refunded_minor: 300 });
    expect(shown.transfers.map(({ movement, state, amount_minor }) => `${movement} ${state} ${amount_minor}`)).toEqual([
      'register-payment posted 2000',
      'reserve pending 900',
      'refund-payment posted 300',
      'correct-payment posted 100',
    ]);
    expect(shown.transfers[1]).toMatchObject({ order_id: order.order_id, to: `class ${order.class_id}` });
    expect(shown.returns).toMatchObject([{ kind: 'refund', amount_minor: 300, state: 'applied', reason }]);
    expect(shown.corrections).toMatchObject([
      {
        kind: 'correct',
        amount_before_minor: 2_000,
        amount_after_minor: 1_900,
        author: expect.stringContaining(author.subject),
        reason,
      },
    ]);
    expect(shown.notifications).toEqual([]);
  });

  it('that no payment has is not found', async () => {
    await expect(detail(newId())).rejects.toMatchObject({ code: 'PAYMENT_NOT_FOUND' });
  });
});

describe('the candidates of a payment in suspense', () => {
  const suspended = (details: object) => register(cash({ person_id: newId(), ...details }));
  const candidatesOf = async (payment_id: string) => {
    const { candidates } = await one.rpc.request(listCandidates, { payment_id });
    return candidates.map(({ order_id, reasons }) => [order_id, reasons]);
  };

  it('are orders of its amount, of its reference and of its person, those with the most reasons first', async () => {
    const [both, same, named, other] = [orderData(7_771), orderData(7_771), orderData(5), orderData(6)];
    for (const order of [same, both, named, other]) await open(order);
    const note = `for ${named.order_id.slice(0, 32)}`;
    const { payment_id } = await suspended({ amount_minor: 7_771, reference: `order ${both.order_id}`, note });
    const found = await candidatesOf(payment_id);
    expect(found[0]).toEqual([both.order_id, ['reference', 'same_amount']]);
    expect(found).toContainEqual([same.order_id, ['same_amount']]);
    expect(found.map(([id]) => id)).not.toContain(other.order_id);
    expect(found.find(([id]) => id === named.order_id)).toEqual([named.order_id, ['reference']]);
  });

  it('are orders for what is left of it, and of its currency', async () => {
    const order = orderData(8_882);
    await open(order);
    const { payment_id } = await suspended({ amount_minor: 9_000 });
    expect(await candidatesOf(payment_id)).toEqual([]);
    await one.rpc.request(refundPayment, { payment_id, amount_minor: 118, reason }, { author });
    expect(await candidatesOf(payment_id)).toEqual([[order.order_id, ['same_amount']]]);
    const dollars = await suspended({ amount_minor: 8_882, currency: 'USD' });
    expect(await candidatesOf(dollars.payment_id)).toEqual([]);
  });

  it('are there after its dismissal, and not once it has a person', async () => {
    const { payment_id } = await suspended({ amount_minor: 9_999 });
    await one.rpc.request(dismissPayment, { payment_id, note: 'Not ours.', dismissed_by: 'ravi' }, { author });
    expect(await candidatesOf(payment_id)).toEqual([]);
    const mine = await register(cash());
    await expect(candidatesOf(mine.payment_id)).rejects.toMatchObject({ code: 'PAYMENT_NOT_FOUND' });
    const right = newId();
    await admit(right);
    await one.rpc.request(reassignPayment, { payment_id: mine.payment_id, person_id: right, reason }, { author });
    await expect(candidatesOf(newId())).rejects.toMatchObject({ code: 'PAYMENT_NOT_FOUND' });
  });
});
