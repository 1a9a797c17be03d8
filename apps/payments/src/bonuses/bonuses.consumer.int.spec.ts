import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { getAccount, getOrderMoney, getTrialBalance, listAccountEntries } from '#contracts/payments/accounts.js';
import { bonusEarned, bonusReversed } from '#contracts/promotions/conversions.js';
import { orderClosed, orderOpened } from '#contracts/subscriptions/orders.js';
import { newId } from '#kernel/ids.js';
import { DeadLetters } from '#messaging/parking/dead-letters.js';
import type { RpcClient } from '#messaging/requests/rpc-client.js';
import { eventually } from '../../../../test/support/eventually.js';
import { someOrder } from '../../../../test/support/messages/order-events.js';
import type { BrokerProbe } from '../../../../test/support/stack/broker-probe.js';
import { type PaymentsApp, type PaymentsPair, startPaymentsPair } from '../../test/payments-app.js';

let pair: PaymentsPair;
let service: PaymentsApp;
let rpc: RpcClient;
let brokerProbe: BrokerProbe;

beforeAll(async () => {
  pair = await startPaymentsPair();
  ({ service, rpc, brokerProbe } = pair);
});

afterAll(() => pair.close());

const now = () => service.clock.now().toString();

const orderOf = (personId: string, amountMinor: number) =>
  someOrder({ person_id: personId, amount_minor: amountMinor, opened_at: now() });

function bonusOf(personId: string, amountMinor: number) {
  return {
    bonus_id: newId(),
    person_id: personId,
    code_id: newId(),
    code: 'WELCOME',
    offer_id: 'shop-1',
    amount_minor: amountMinor,
    currency: 'EUR',
    conversion_id: `conversion ${newId()}`,
  };
}

const earn = (bonus: ReturnType<typeof bonusOf>, times = 1, ids = [newId()]) =>
  brokerProbe.publish(bonusEarned, bonus.bonus_id, { ...bonus, earned_at: now() }, { times, ids });
const reverse = (bonus: ReturnType<typeof bonusOf>) =>
  brokerProbe.publish(bonusReversed, bonus.bonus_id, { ...bonus, reason: 'refund', reversed_at: now() });
const balanceOf = async (personId: string) => (await rpc.request(getAccount, { person_id: personId })).balances[0];

async function reaches(orderId: string, state: string): Promise<void> {
  await eventually(
    async () => (await rpc.request(getOrderMoney, { order_id: orderId, visible_to: null })).receivable?.state === state,
  );
}

describe('a bonus that promotions granted', () => {
  it('pays an open order once, although its event comes five times, under one message id and under others', async () => {
    const personId = newId();
    const order = orderOf(personId, 500);
    await brokerProbe.publish(orderOpened, order.order_id, order);
    await reaches(order.order_id, 'open');
    await earn(bonusOf(personId, 600), 5, [newId(), newId()]);
    await reaches(order.order_id, 'reserved');
    await brokerProbe.publish(orderClosed, order.order_id, { ...order, closed_at: now() });
    await reaches(order.order_id, 'settled');
    expect(await balanceOf(personId)).toMatchObject({ posted_minor: 100, available_minor: 100 });
    const { items } = await rpc.request(listAccountEntries, { person_id: personId, page: 1, limit: 10 });
    expect(items.map(({ movement, amount_minor }) => [movement, amount_minor])).toEqual([
      ['reserve', -500],
      ['grant-bonus', 600],
    ]);
  });

  it('is taken back as far as it is there, and the trial balance shows the expense', async () => {
    const personId = newId();
    const kept = bonusOf(personId, 300);
    const undone = bonusOf(personId, 200);
    await earn(kept);
    await earn(undone);
    await eventually(async () => (await balanceOf(personId))?.available_minor === 500);
    await reverse(undone);
    await eventually(async () => (await balanceOf(personId))?.available_minor === 300);
    const { balanced, currencies } = await rpc.request(getTrialBalance, {});
    expect(balanced).toBe(true);
    const euros = currencies.find(({ currency }) => currency === 'EUR');
    expect(euros?.accounts.find(({ kind }) => kind === 'promotion_expense')).toMatchObject({
      balance_minor: -900,
      credits_minor: 200,
    });
  });

  it('with another amount than before is parked, and its neighbours are not held up', async () => {
    const [mine, other] = [bonusOf(newId(), 300), bonusOf(newId(), 70)];
    await earn(mine);
    await eventually(async () => (await balanceOf(mine.person_id))?.available_minor === 300);
    await earn({ ...mine, amount_minor: 301 });
    await earn(other);
    await eventually(async () => (await balanceOf(other.person_id))?.available_minor === 70);
    const parked = await eventually(async () => {
      const page = await service.app.get(DeadLetters).list('payments');
      return page.items.length > 0 && page.items;
    });
    expect(parked.map(({ detail }) => detail)).toEqual([expect.stringContaining(`bonus ${mine.bonus_id} comes back`)]);
    expect(await balanceOf(mine.person_id)).toMatchObject({ available_minor: 300 });
  });
});
