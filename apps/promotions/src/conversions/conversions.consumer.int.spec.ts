import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  bonusEarned,
  bonusReversed,
  getConversion,
  recordConversions,
  reverseConversion,
} from '#contracts/promotions/conversions.js';
import { getOffer, registerOffer } from '#contracts/promotions/offers.js';
import { applyCode } from '#contracts/promotions/promo-applications.js';
import { createPromoCode, getPromoCode } from '#contracts/promotions/promo-codes.js';
import { promoCodeDeactivated } from '#contracts/promotions/promo-redemptions.js';
import { classPublished, findClasses } from '#contracts/subscriptions/classes.js';
import { orderClosed } from '#contracts/subscriptions/orders.js';
import { findPersons, personRegistered } from '#contracts/subscriptions/persons.js';
import { newId } from '#kernel/ids.js';
import { requestQueue } from '#messaging/connection/topology.js';
import { ServiceUnavailable } from '#messaging/faults.js';
import { RpcClient } from '#messaging/requests/rpc-client.js';
import { Transactions } from '#persistence/transaction.js';
import { eventually } from '../../../../test/support/eventually.js';
import { closedOrder } from '../../../../test/support/messages/order-events.js';
import { pretendService } from '../../../../test/support/services/stub-service.js';
import { BrokerProbe } from '../../../../test/support/stack/broker-probe.js';
import { type PromotionsApp, startPromotions } from '../../test/promotions-app.js';

/** The whole service in two instances on real servers, which it reaches over the broker. */
let first: PromotionsApp;
let second: PromotionsApp;
let rpc: RpcClient;
let brokerProbe: BrokerProbe;

beforeAll(async () => {
  brokerProbe = await BrokerProbe.arrive(() => Temporal.Instant.from(at));
  await brokerProbe.empty('promotions');
  first = await startPromotions();
  second = await startPromotions(first);
  rpc = first.app.get(RpcClient);
});

afterAll(async () => {
  await second.close();
  await first.close();
  // Payments did not run: the next suite on this broker must not receive these events.
  await brokerProbe.empty('payments');
  await brokerProbe.leave();
});

const at = '2026-03-02T08:00:00Z';

async function registered(count = 1): Promise<string[]> {
  const ids = Array.from({ length: count }, newId);
  for (const id of ids) await brokerProbe.publish(personRegistered, id, personOf(id));
  return ids;
}

function personOf(person_id: string) {
  const username = `u${person_id.replaceAll('-', '')}`;
  return {
    person_id,
    name: 'Ada',
    username,
    email: `${username}@example.org`,
    email_verified: false,
    version: 1,
    registered_at: at,
  };
}

/** A bonus of 500 EUR cents, for an outside offer. */
async function bonusCode(rules: object = {}): Promise<{ codeId: string; code: string }> {
  const code = `CODE-${newId()}`;
  const body = { code, kind: 'bonus' as const, amount_minor: 500, currency: 'EUR', created_by: 'test', ...rules };
  const made = await rpc.request(createPromoCode, createPromoCode.request.parse(body), { commandId: newId() });
  return { codeId: made.code_id, code };
}

async function outsideOffer(): Promise<string> {
  const offer = { offer_id: `shop-${newId()}`, name: 'A shop', currency: null };
  return (await rpc.request(registerOffer, offer, { commandId: newId() })).offer_id;
}

async function take(person_id: string, promo_code: string): Promise<void> {
  await rpc.request(applyCode, { person_id, promo_code, visible_to: person_id }, { commandId: newId() });
}

const conversion = (person_id: string, offer_id: string) => ({
  conversion_id: newId(),
  person_id,
  offer_id,
  payout_minor: 10_000,
  currency: 'EUR',
  occurred_at: '2026-03-02T08:59:00Z',
});
const record = (...conversions: ReturnType<typeof conversion>[]) =>
  rpc.request(recordConversions, { conversions }, { timeoutMs: 20_000 });

describe('over the broker, to two instances', () => {
  it('200 conversions at once, each reported twice, on a code with three slots left earn three bonuses', async () => {
    const [persons, offerId, { codeId, code }] = [
      await registered(200),
      await outsideOffer(),
      await bonusCode({ max_uses: 3 }),
    ];
    await eventually(async () => {
      const [row] = await first.app
        .get(Transactions)
        .query<{ known: number }>('select count(*) as known from person where id = any ($1::uuid[])', [persons]);
      return row?.known === 200;
    });
    await Promise.all(persons.map((person) => take(person, code)));
    const events = await brokerProbe.subscribe(bonusEarned.type, promoCodeDeactivated.type);
    const conversions = persons.map((person) => conversion(person, offerId));
    const answers = await Promise.all([...conversions, ...conversions].map((one) => record(one)));
    const outcomes = answers.map(({ items: [outcome] }) => outcome);
    for (const [index, outcome] of outcomes.slice(0, 200).entries()) expect(outcomes[index + 200]).toEqual(outcome);
    const reasons = outcomes.slice(0, 200).map((outcome) => outcome?.refusals[0]?.reason ?? 'used');
    expect(reasons.filter((reason) => reason === 'used')).toHaveLength(3);
    expect(reasons.filter((reason) => reason === 'PROMO_CODE_USED_UP')).toHaveLength(197);
    expect(await rpc.request(getPromoCode, { code_id: codeId })).toMatchObject({ usage_count: 3, status: 'expired' });
    const published = () => events.map(({ type }) => type).sort();
    await eventually(() => published().length >= 4);
    expect(published()).toEqual([bonusEarned.type, bonusEarned.type, bonusEarned.type, promoCodeDeactivated.type]);
  });

  it('a closed order earns a bonus once, although its event arrives before all others, and three times', async () => {
    const { code } = await bonusCode();
    const [personId, classId, orderId] = [newId(), newId(), newId()];
    await take(personId, code);
    const events = await brokerProbe.subscribe(bonusEarned.type, bonusReversed.type);
    const closed = closedOrder({
      order_id: orderId,
      person_id: personId,
      class_id: classId,
      amount_minor: 9_900,
      opened_at: at,
      closed_at: '2026-03-02T08:59:00Z',
    });
    await brokerProbe.publish(orderClosed, orderId, closed, { times: 3 });
    await brokerProbe.publish(orderClosed, orderId, closed);
    await brokerProbe.publish(classPublished, classId, {
      class_id: classId,
      title: 'Chess',
      currency: 'EUR',
      published_at: at,
    });
    await eventually(() => events.length > 0);
    await eventually(() => rpc.request(getOffer, { offer_id: classId }).then(({ name }) => name === 'Chess'));
    expect(events.map(({ data }) => data)).toEqual([
      expect.objectContaining({ person_id: personId, order_id: orderId, conversion_id: orderId, amount_minor: 500 }),
    ]);
    const reversal = await rpc.request(reverseConversion, { conversion_id: orderId, reason: 'chargeback' });
    expect(reversal.redemptions).toMatchObject([{ bonus_minor: 500, gives_back: false }]);
    await eventually(() => events.length === 2);
    expect(events[1]).toMatchObject({ type: bonusReversed.type, subject: events[0]?.subject });
    expect(await rpc.request(getConversion, { conversion_id: orderId })).toMatchObject({
      order_id: orderId,
      reverse_reason: 'chargeback',
    });
  });

  it('persons and classes whose events have not arrived are found at subscriptions', async () => {
    const [personId, classId, offerId] = [newId(), newId(), await outsideOffer()];
    const [known] = (await registered()) as [string];
    await eventually(async () => (await record(conversion(known, offerId))).items[0]?.problem === null);
    const answers = new Map<string, unknown>([
      [findPersons.type, { persons: [personOf(personId)] }],
      [findClasses.type, { classes: [{ class_id: classId, title: 'Go', currency: 'EUR', published_at: at }] }],
    ]);
    const subscriptions = await pretendService('subscriptions', async ({ type }) => ({ answer: answers.get(type) }));
    const { items } = await record(conversion(personId, classId), conversion(newId(), offerId));
    expect(items.map(({ problem }) => problem?.code ?? null)).toEqual([null, 'PERSON_NOT_FOUND']);
    await subscriptions.close();
    await brokerProbe.channel.deleteQueue(requestQueue('subscriptions'));

    const late = conversion(newId(), offerId);
    const [unanswered, answered] = await Promise.allSettled([record(late), record(conversion(known, offerId))]);
    expect(unanswered).toMatchObject({ status: 'rejected', reason: expect.any(ServiceUnavailable) });
    expect(answered).toMatchObject({ status: 'fulfilled', value: { items: [{ problem: null }] } });
    await expect(rpc.request(getConversion, late)).rejects.toMatchObject({ code: 'CONVERSION_NOT_FOUND' });
  });

  it('a thousand conversions in one request each have an outcome', async () => {
    const offerId = await outsideOffer();
    const { code } = await bonusCode();
    const [person] = (await registered()) as [string];
    await take(person, code);
    await eventually(async () => (await record(conversion(person, offerId))).items[0]?.problem === null);
    const { items } = await record(...Array.from({ length: 1_000 }, () => conversion(person, offerId)));
    expect(items.filter(({ redemptions }) => redemptions.length === 1)).toHaveLength(1_000);
  });
});
