import { setTimeout as sleep } from 'node:timers/promises';
import { type PaymentDetails, standardNotification } from '../../test/support/messages/provider-notifications.ts';
import { type Account, accountOfRole } from '../openid/people.ts';
import type { Provider } from '../stack/provider-secrets.ts';
import type { Role } from '../stack/roles.ts';
import { type Catalogue, seedCatalogue } from '../story/catalogue.ts';
import { Gateway } from '../story/gateway.ts';
import { CliError } from '../terminal.ts';
import { notify, refundSample } from './money-sample.ts';
import { type PromoSample, promoSample } from './promo-sample.ts';
import { webhookSample } from './webhook-sample.ts';

/** A running system that is to be filled, and who will look at it. */
export interface SampleStage {
  readonly gatewayUrl: string;
  readonly webhooksUrl: string;
  readonly secrets: Readonly<Record<Provider, string>>;
  /** Issues a token for a subject. */
  token(role: Role, subject: string): Promise<string>;
}

/** The ids of what the screens show. */
export interface Sample extends PromoSample {
  readonly personId: string;
  readonly classId: string;
  readonly ruleId: string;
  /** A parameter type. */
  readonly typeName: string;
  readonly orders: {
    /** Paid and settled, with a promo code. */
    readonly settled: string;
    /** Waits for an admin's approval. */
    readonly confirmed: string;
    readonly cancelled: string;
    /** Waits for more money. */
    readonly opened: string;
  };
  readonly money: { readonly paymentId: string; readonly accountId: number };
  readonly webhookEndpointId: string;
}

/** What admins see of the money of an order: its payment, which is also a transfer, and the account of the person. */
async function moneyOf(admin: Gateway, personId: string, orderId: string): Promise<Sample['money']> {
  const payments = await admin.get<{ items: { payment_id: string }[] }>(`/admin/payments?search=${orderId}`);
  const accounts = await admin.get<{ items: { account_id: number }[] }>(`/admin/ledger/accounts?owner=${personId}`);
  const [payment, account] = [payments.items[0], accounts.items[0]];
  if (!payment || !account) throw new CliError('The sample has no money.');
  return { paymentId: payment.payment_id, accountId: account.account_id };
}

interface Made {
  readonly class_id: string;
  readonly order_id: string;
  readonly amount_minor: number;
  readonly state: string;
  readonly settled_at: string | null;
}

/**
 * Fills a system so that no screen is empty: orders in every state, codes with hours, limits and uses, refusals, money
 * without a name. Every request bears a fixed key, so that another run finds the same things and makes none anew.
 */
export async function fillSample({ gatewayUrl, webhooksUrl, secrets, token }: SampleStage): Promise<Sample> {
  const of = async (role: Role) => new Gateway(gatewayUrl, await token(role, accountOfRole[role].subject));
  const [admin, member] = await Promise.all([of('admin'), of('member')]);
  const personId = await personOf(member, accountOfRole.member);
  const catalogue = await seedCatalogue(admin);
  const ruleId = catalogue.pricedRuleId;
  const keyOf = (name: string) => `sample-${name}-${personId}`;
  const pay = (name: string, details: Omit<PaymentDetails, 'currency'>) => {
    const ids = { eventId: `evt_${keyOf(name)}`, paymentId: `pay_${keyOf(name)}` };
    return notify(webhooksUrl, standardNotification(secrets.standard, { ...ids, currency: 'EUR', ...details }));
  };
  const order = (name: string, class_id: string, promo_code?: string) =>
    member.post<Made>('/orders', { person_id: personId, class_id, promo_code }, keyOf(name));

  const approved = await admin.post<Made>('/admin/classes', supervised(ruleId), 'sample-supervised');
  await admin.post('/admin/classes', small(ruleId), 'sample-small');
  const orders = await memberOrders(member, { catalogue, order, pay, keyOf, approved: approved.class_id });
  // Money that nobody can assign by itself, and a payment that is reported with two amounts.
  await pay('unmatched', { amountMinor: 27_50 });
  await pay('twice', { amountMinor: 12_00, personId });
  await pay('twice', { amountMinor: 21_00, personId, eventId: `evt_${keyOf('twice-again')}` });
  await refundSample({ webhooksUrl, secrets, keyOf });
  const promos = await promoSample({ admin, member, personId, publisher: accountOfRole.publisher.subject, catalogue });
  const money = await moneyOf(admin, personId, orders.settled);
  const webhook = await webhookSample(admin);
  return {
    personId,
    classId: catalogue.pottery.class_id,
    ruleId,
    typeName: 'price',
    orders,
    money,
    ...promos,
    ...webhook,
  };
}

interface Ordering {
  readonly catalogue: Catalogue;
  /** The class that waits for approval. */
  readonly approved: string;
  order(name: string, classId: string, code?: string): Promise<Made>;
  pay(name: string, details: Omit<PaymentDetails, 'currency'>): Promise<void>;
  keyOf(name: string): string;
}

async function memberOrders(member: Gateway, { catalogue, approved, order, pay, keyOf }: Ordering) {
  await order('free', catalogue.free.class_id);
  const settled = await order('settled', catalogue.calligraphy.class_id, catalogue.welcomeCode);
  await pay('settled', { amountMinor: settled.amount_minor, orderId: settled.order_id });
  await until(member, settled, (now) => now.settled_at !== null);
  const confirmed = await order('confirmed', approved);
  await pay('confirmed', { amountMinor: confirmed.amount_minor, orderId: confirmed.order_id });
  await until(member, confirmed, (now) => now.state === 'confirmed');
  const cancelled = await order('cancelled', catalogue.spanish.class_id);
  await member.post(`/orders/${cancelled.order_id}/cancel`, { reason: 'I am away then' }, keyOf('cancel'));
  const opened = await order('opened', catalogue.pottery.class_id);
  await pay('opened', { amountMinor: 20_00, orderId: opened.order_id });
  return {
    settled: settled.order_id,
    confirmed: confirmed.order_id,
    cancelled: cancelled.order_id,
    opened: opened.order_id,
  };
}

/** The person of a member's token, who is registered where they never were here. */
async function personOf(member: Gateway, { name, email }: Account): Promise<string> {
  const me = await member.get<{ person_id: string }>('/persons/me').catch(() => undefined);
  const person = { name, email, username: 'mia' };
  return (me ?? (await member.post<{ person_id: string }>('/persons', person))).person_id;
}

async function until(member: Gateway, { order_id }: Made, isReached: (order: Made) => boolean): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    if (isReached(await member.get<Made>(`/orders/${order_id}`))) return;
    await sleep(100);
  }
  throw new CliError(`The order ${order_id} of the sample makes no progress.`);
}

const supervised = (rule_id: string) => ({
  title: 'Bookbinding with a master',
  description: 'Six evenings in a studio with four benches. The master chooses who joins.',
  rule_id,
  parameters: { price: 180_00 },
  time_zone: 'Europe/Berlin',
  currency: 'EUR',
  capacity: 4,
  approval_required: true,
  start_date: '2027-02-01',
});

const small = (rule_id: string) => ({
  title: 'Sanskrit at sunrise',
  description: 'From the alphabet to the first verses, before work.',
  rule_id,
  parameters: { price: 1_500_00 },
  time_zone: 'Asia/Kolkata',
  currency: 'INR',
  capacity: 12,
  start_date: '2027-01-04',
  end_date: '2027-03-26',
});
