import { describe, expect, it } from '@jest/globals';
import { bonusEarned } from '#contracts/promotions/conversions.js';
import { envelope } from '../../../../test/support/messages/messages.js';
import { closedOrder } from '../../../../test/support/messages/order-events.js';
import { bonusCodes, withTwoInstances } from '../../test/conversion-suite.js';
import { OutsideSystem } from '../../test/outside-system.js';
import { PromotionsHarness } from '../../test/promotions-harness.js';
import { ConvertOrders } from './convert-orders.js';
import { ReadConversion } from './read-conversion.js';

let harness: PromotionsHarness;
let second: PromotionsHarness;
let system: OutsideSystem;

withTwoInstances((one, other, outside) => {
  harness = one;
  second = other;
  system = outside;
});
const { bonusCode, fixed, counters } = bonusCodes(() => harness);

describe('an order that closed', () => {
  const closed = (personId: string, amountMinor = 2_000) =>
    closedOrder({
      person_id: personId,
      amount_minor: amountMinor,
      opened_at: '2026-03-02T08:00:00Z',
      closed_at: '2026-03-02T08:59:00Z',
    });

  it('is one conversion of its class, with any number of messages', async () => {
    const code = await bonusCode();
    const order = closed(await system.personWith(code.id));
    const event = envelope(order);
    await harness.get(ConvertOrders).execute([event, event, envelope(order)]);
    await Promise.all([harness, second].map((instance) => instance.get(ConvertOrders).execute([event])));
    await harness.get(ConvertOrders).execute([envelope(order)]);
    const earned = await harness.published(bonusEarned.type);
    expect(earned.map(({ data, causationId }) => [data, causationId])).toEqual([
      [
        expect.objectContaining({
          conversion_id: order.order_id,
          order_id: order.order_id,
          offer_id: order.class_id,
          amount_minor: 200,
        }),
        expect.any(String),
      ],
    ]);
    expect(await harness.query('select revenue_minor from redemption_entry where code_id = $1', [code.id])).toEqual([
      { revenue_minor: 2_000 },
    ]);
    expect(await counters(code.id)).toMatchObject({ used: 1, given: 200 });
  });

  it('of a later period is no conversion: the first order has completed the class', async () => {
    const code = await bonusCode();
    const renewal = { ...closed(await system.personWith(code.id)), subscription_id: code.id, period: 1 };
    await harness.get(ConvertOrders).execute([envelope(renewal)]);
    expect(await counters(code.id)).toMatchObject({ used: 0 });
  });

  it('of a free class redeems no percentage, and the next paid one earns', async () => {
    const once = await bonusCode({ max_uses_per_person: 1 });
    const person = await system.personWith(once.id);
    const [free, paid] = [closed(person, 0), closed(person)];
    await harness.get(ConvertOrders).execute([envelope(free)]);
    expect(await harness.get(ReadConversion).execute(free.order_id)).toMatchObject({
      redemptions: [],
      refusals: [{ reason: 'PROMO_CODE_BELOW_MINIMUM', details: { minimum_minor: 5 } }],
    });
    expect(await counters(once.id)).toMatchObject({ used: 0, entries: 0 });
    await harness.get(ConvertOrders).execute([envelope(paid)]);
    expect(await harness.get(ReadConversion).execute(paid.order_id)).toMatchObject({
      redemptions: [{ bonus_minor: 200 }],
      refusals: [],
    });
  });

  it('that another instance converted before has its redemptions, and publishes no second event', async () => {
    const code = await bonusCode();
    const order = closed(await system.personWith(code.id));
    await harness.get(ConvertOrders).execute([envelope(order)]);
    // As if this instance had read before the other one committed.
    await harness.query('delete from conversion where conversion_id = $1', [order.order_id]);
    await second.get(ConvertOrders).execute([envelope(order)]);
    const { redemptions } = await harness.get(ReadConversion).execute(order.order_id);
    expect(redemptions).toMatchObject([{ code_id: code.id, bonus_minor: 200 }]);
    expect(await harness.published(bonusEarned.type)).toHaveLength(1);
    expect(await counters(code.id)).toMatchObject({ used: 1, given: 200 });
  });

  it('of a person without codes stores nothing', async () => {
    const order = closed(await system.personWith());
    await harness.get(ConvertOrders).execute([envelope(order)]);
    await expect(harness.get(ReadConversion).execute(order.order_id)).rejects.toMatchObject({
      code: 'CONVERSION_NOT_FOUND',
    });
  });

  it('can be reversed like any conversion', async () => {
    const code = await fixed(500);
    const order = closed(await system.personWith(code.id));
    await harness.get(ConvertOrders).execute([envelope(order)]);
    expect((await system.reverse(order.order_id)).redemptions).toHaveLength(1);
    expect(
      await harness.query('select kind, revenue_minor from redemption_entry where code_id = $1 order by entry_no', [
        code.id,
      ]),
    ).toEqual([
      { kind: 'redeemed', revenue_minor: 2_000 },
      { kind: 'reversed', revenue_minor: 2_000 },
    ]);
  });
});
