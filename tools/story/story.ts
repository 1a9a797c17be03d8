import { randomUUID } from 'node:crypto';
import {
  type Notification,
  post,
  standardNotification,
  stripeNotification,
} from '../../test/support/messages/provider-notifications.ts';
import { memberIdOf } from '../openid/people.ts';
import type { DevelopmentIssuer } from '../stack/issuer.ts';
import type { Provider } from '../stack/provider-secrets.ts';
import { bold, CliError, dim, say } from '../terminal.ts';
import { type OfferedClass, seedCatalogue } from './catalogue.ts';
import { Gateway, type Page } from './gateway.ts';

export interface Stage {
  readonly gatewayUrl: string;
  readonly webhooksUrl: string;
  readonly secrets: Readonly<Record<Provider, string>>;
  readonly issuer: DevelopmentIssuer;
}

interface Order {
  readonly order_id: string;
  readonly state: string;
  readonly amount_minor: number;
  readonly currency: string;
  readonly explanation: string;
}

/**
 * The main job, played over HTTP: a person joins a free class, pays for another with more money than it costs, for a
 * third with what is left and one more payment, and for a fourth what a promo code leaves of its price. Answers the
 * person's id.
 */
export async function playStory({ gatewayUrl, webhooksUrl, secrets, issuer }: Stage): Promise<string> {
  const admin = new Gateway(gatewayUrl, await issuer.token('admin', 'development-admin'));
  const catalogue = await seedCatalogue(admin);
  const username = `ada-${randomUUID().slice(0, 8)}`;
  const email = `${username}@example.org`;
  const personId = memberIdOf(email);
  const member = new Gateway(gatewayUrl, await issuer.token('member', personId));
  const pay = async (notification: Notification) => {
    const answer = await post(webhooksUrl, notification);
    if (!answer.ok) throw new CliError(`The payment service answered ${answer.status}: ${await answer.text()}`);
  };

  await member.post('/persons', { name: 'Ada Example', username, email });
  say(`${bold('Ada')} registers as ${username} ${dim(`(the console shows her account to ${email})`)}`);

  const free = await open(member, personId, catalogue.free);
  await follow(member, free, 'opened', 'closed');

  const first = await open(member, personId, catalogue.pottery);
  const more = first.amount_minor + 11_00;
  const forOrder = { amountMinor: more, currency: 'EUR', orderId: first.order_id };
  say(`  a provider notifies us, signed: ${money(more)} for this order, more than it costs`);
  await pay(standardNotification(secrets.standard, forOrder));
  await follow(member, first, 'opened', 'settled');
  await showClasses(member, personId);
  await showAccount(member, personId);

  const second = await open(member, personId, catalogue.spanish);
  say(`  another provider notifies us, signed: ${money(29_00)} for Ada, less than it costs`);
  await pay(stripeNotification(secrets.stripe, { amountMinor: 29_00, currency: 'EUR', personId }));
  await follow(member, second, 'opened', 'settled');
  await showClasses(member, personId);
  await showAccount(member, personId);

  const cheaper = await open(member, personId, catalogue.calligraphy, catalogue.welcomeCode);
  say(`  ${cheaper.explanation}`);
  const rest = { amountMinor: cheaper.amount_minor, currency: 'EUR', orderId: cheaper.order_id };
  await pay(standardNotification(secrets.standard, rest));
  await follow(member, cheaper, 'opened', 'settled');
  await showClasses(member, personId);
  return personId;
}

async function open(
  member: Gateway,
  personId: string,
  { class_id, title }: OfferedClass,
  promo_code?: string,
): Promise<Order> {
  const order = await member.post<Order>('/orders', { person_id: personId, class_id, promo_code }, randomUUID());
  const how = promo_code ? `with the promo code ${promo_code}, ` : '';
  say(`${bold('Ada')} orders “${title}” ${how}for ${money(order.amount_minor)} ${dim(`(${order.order_id})`)}`);
  await follow(member, order, undefined, 'opened');
  return order;
}

/** Shows the steps of an order as they happen: those after one that was shown, up to another. */
async function follow(member: Gateway, { order_id }: Order, shown: string | undefined, last: string): Promise<void> {
  let isNew = shown === undefined;
  for await (const { name, description } of member.orderEvents(order_id)) {
    if (isNew) say(`  ${name}: ${description}`);
    if (name === shown) isNew = true;
    if (name === last) return;
  }
  throw new CliError(`The order ${order_id} never was ${last}.`);
}

async function showClasses(member: Gateway, personId: string): Promise<void> {
  const { items } = await member.get<Page<{ class_title: string }>>(`/persons/${personId}/enrolments`);
  say(`  her classes: ${items.map((enrolment) => enrolment.class_title).join(', ')}`);
}

interface Account {
  readonly balances: readonly { readonly available_minor: number; readonly reserved_minor: number }[];
}

async function showAccount(member: Gateway, personId: string): Promise<void> {
  const { balances } = await member.get<Account>(`/persons/${personId}/account`);
  say(`  on her account: ${balances.map((balance) => money(balance.available_minor)).join(', ')}`);
}

function money(amountMinor: number): string {
  return `${(amountMinor / 100).toFixed(2)} EUR`;
}
