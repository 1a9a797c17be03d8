import { describe, expect, it } from '@jest/globals';
import { bonusEarned, bonusReversed } from '#contracts/promotions/conversions.js';
import { newId } from '#kernel/ids.js';
import { command, envelope } from '../../../../test/support/messages/messages.js';
import { closedOrder } from '../../../../test/support/messages/order-events.js';
import { answerOf, refusalOf } from '../../../../test/support/messages/replies.js';
import { bonusCodes, withTwoInstances } from '../../test/conversion-suite.js';
import { type ConversionBody, digest, type OutsideSystem } from '../../test/outside-system.js';
import type { PromotionsHarness } from '../../test/promotions-harness.js';
import { ConvertOrders } from './convert-orders.js';
import { ReadConversion } from './read-conversion.js';
import { RecordConversions } from './record-conversions.js';
import { ReverseConversions } from './reverse-conversions.js';

let harness: PromotionsHarness;
let second: PromotionsHarness;
let system: OutsideSystem;

withTwoInstances((one, other, outside) => {
  harness = one;
  second = other;
  system = outside;
});
const { fixed, counters } = bonusCodes(() => harness);

const reply = async (sender: string | undefined, conversions: readonly ConversionBody[], instance = harness) => {
  const [recorded] = await instance
    .get(RecordConversions)
    .execute([command({ conversions: [...conversions], sender, sender_repeats: true })]);
  return answerOf(recorded).items;
};
const record = async (sender: string | undefined, ...conversions: ConversionBody[]) =>
  (await reply(sender, conversions)).map(digest);

const reverse = async (sender: string | undefined, conversion_id: string) => {
  const reversal = command({ conversion_id, sender, reason: 'refund' as const, sender_repeats: true });
  return (await harness.get(ReverseConversions).execute([reversal]))[0];
};

const read = (id: string, sender: string | null) => harness.get(ReadConversion).execute(id, sender);

describe('the id of a conversion', () => {
  it('belongs to its sender: another sender may have the same one, of another conversion', async () => {
    const code = await fixed(500);
    const [ann, ben] = [await system.personWith(code.id), await system.personWith(code.id)];
    const shops = system.conversion(ann);
    const rivals = { ...system.conversion(ben, { payout_minor: 7 }), conversion_id: shops.conversion_id };
    const admins = { ...rivals, payout_minor: 8 };
    const all = await Promise.all([
      reply('shop', [shops]),
      reply('rival', [rivals], second),
      reply(undefined, [admins]),
      reply('shop', [shops], second),
    ]);
    for (const items of all) expect(items.map(digest)).toEqual([{ bonuses: [500], reasons: [] }]);
    expect(all[0]).toEqual(all[3]);
    expect(await counters(code.id)).toMatchObject({ used: 3 });
    expect(await read(shops.conversion_id, 'shop')).toMatchObject({ person_id: ann, sender: 'shop' });
    expect(await read(shops.conversion_id, 'rival')).toMatchObject({ person_id: ben, sender: 'rival' });
    expect(await read(shops.conversion_id, null)).toMatchObject({ payout_minor: 8, sender: null });
    expect(await record('shop', { ...shops, payout_minor: 9 })).toEqual([
      { bonuses: [], reasons: ['CONVERSION_REUSED'] },
    ]);
    const earned = (await harness.published(bonusEarned.type)).map(({ data }) => data as { sender?: string });
    expect(earned.map(({ sender }) => sender ?? null).sort()).toEqual([null, 'rival', 'shop'].sort());
  });

  it('does not take that of an order: the order earns its bonus, and only admins reverse it', async () => {
    const code = await fixed(500);
    const person = await system.personWith(code.id);
    const orderId = newId();
    expect(await record('shop', system.conversion(await system.personWith(), { conversion_id: orderId }))).toEqual([
      { bonuses: [], reasons: [] },
    ]);
    const closed = closedOrder({
      order_id: orderId,
      person_id: person,
      class_id: system.offerId,
      amount_minor: 4_000,
      closed_at: '2026-03-02T08:59:00Z',
    });
    await harness.get(ConvertOrders).execute([envelope(closed)]);
    expect(await counters(code.id)).toMatchObject({ used: 1 });
    answerOf(await reverse('shop', orderId));
    expect(await counters(code.id)).toMatchObject({ used: 1 });
    expect(answerOf(await reverse(undefined, orderId)).redemptions).toMatchObject([{ bonus_minor: 500 }]);
    expect(await counters(code.id)).toMatchObject({ used: 0 });
  });
});

describe('a conversion', () => {
  it('is reversed by its sender alone; to others it does not exist', async () => {
    const code = await fixed(500);
    const sent = system.conversion(await system.personWith(code.id));
    await record('shop', sent);
    expect(refusalOf(await reverse('rival', sent.conversion_id))).toBe('CONVERSION_NOT_FOUND');
    expect(refusalOf(await reverse(undefined, sent.conversion_id))).toBe('CONVERSION_NOT_FOUND');
    await expect(read(sent.conversion_id, 'rival')).rejects.toMatchObject({ code: 'CONVERSION_NOT_FOUND' });
    expect(await counters(code.id)).toMatchObject({ used: 1 });
    expect(answerOf(await reverse('shop', sent.conversion_id)).redemptions).toHaveLength(1);
    expect(await counters(code.id)).toMatchObject({ used: 0 });
    expect(await harness.published(bonusReversed.type)).toMatchObject([{ data: { sender: 'shop' } }]);
  });

  it('of an offer that belongs to a sender is recorded for that sender alone', async () => {
    const offer_id = await system.offer(`shop-${newId()}`);
    await harness.query(`update offer set sender = 'shop' where id = $1`, [offer_id]);
    const code = await fixed(500);
    const person = await system.personWith(code.id);
    for (const sender of ['rival', undefined]) {
      expect(await record(sender, system.conversion(person, { offer_id }))).toEqual([
        { bonuses: [], reasons: ['OFFER_NOT_FOUND'] },
      ]);
    }
    expect(await record('shop', system.conversion(person, { offer_id }))).toEqual([{ bonuses: [500], reasons: [] }]);
  });

  it.each([
    ['longer ago than the setting allows', { hours: -24 * 90 - 1 }, 'OCCURRED_AT_OUT_OF_RANGE'],
    ['just within the setting', { hours: -24 * 90 + 1 }, null],
    ['within the difference of two clocks', { minutes: 5 }, null],
    ['in the future', { minutes: 5, seconds: 1 }, 'OCCURRED_AT_OUT_OF_RANGE'],
  ])('that happened %s is compared with the time of its receipt', async (_, away, problem) => {
    const occurred_at = harness.clock.now().add(away).toString();
    const sent = system.conversion(await system.personWith(), { occurred_at });
    expect((await record('shop', sent)).flatMap(({ reasons }) => reasons)).toEqual(problem ? [problem] : []);
    // A repeat of what is recorded gets its first outcome however late it comes.
    if (problem) return;
    harness.clock.moveBy({ hours: 24 * 200 });
    expect((await record('shop', sent)).flatMap(({ reasons }) => reasons)).toEqual([]);
    harness.clock.moveBy({ hours: -24 * 200 });
  });
});
