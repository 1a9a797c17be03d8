import { describe, expect, it } from '@jest/globals';
import { findPaidOrders } from '#contracts/payments/payment-search.js';
import { newId } from '#kernel/ids.js';
import { PayingPerson } from '../../test/paying-person.js';

const one = PayingPerson.inEachTest();
const { orderData, open, cash, register } = one;

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
