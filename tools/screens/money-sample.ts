import { type Notification, post, stripeEvent } from '../../test/support/messages/provider-notifications.ts';
import type { Provider } from '../stack/provider-secrets.ts';
import { CliError } from '../terminal.ts';

interface RefundStage {
  readonly webhooksUrl: string;
  readonly secrets: Readonly<Record<Provider, string>>;
  keyOf(name: string): string;
}

/** A refund whose payment nobody reports, and a payment of which the provider counts more refunds than it notifies. */
export async function refundSample({ webhooksUrl, secrets, keyOf }: RefundStage): Promise<void> {
  const notifyAll = async (...notifications: readonly Notification[]) => {
    for (const notification of notifications) await notify(webhooksUrl, notification);
  };
  // A repeat with another instant would be another event.
  const event = (name: string, type: string, object: object) =>
    stripeEvent(secrets.stripe, { eventId: `evt_${keyOf(name)}` }, type, object, { created: 1_790_000_000 });
  const money = { amount: 15_00, currency: 'eur' };
  const payment = { id: `pi_${keyOf('counted')}`, object: 'payment_intent', status: 'succeeded', metadata: {} };
  const refund = { id: `re_${keyOf('early')}`, object: 'refund', status: 'succeeded' };
  const charge = { id: `ch_${keyOf('counted')}`, payment_intent: payment.id, amount_refunded: 6_00 };
  await notifyAll(
    event('early', 'refund.created', { ...refund, ...money, payment_intent: `pi_${keyOf('early')}` }),
    event('counted', 'payment_intent.succeeded', { ...payment, ...money, amount_received: money.amount }),
    event('counted-refund', 'charge.refunded', { ...charge, ...money }),
  );
}

/** Posts a notification to the payment service. */
export async function notify(webhooksUrl: string, notification: Notification): Promise<void> {
  const answer = await post(webhooksUrl, notification);
  await answer.body?.cancel();
  if (answer.status >= 500) throw new CliError(`The payment service answered ${answer.status}.`);
}
