import {
  type Notification,
  post,
  stripeEvent,
  stripeNotification,
  stripeRefund,
} from '../../test/support/messages/provider-notifications.ts';
import type { Provider } from '../stack/provider-secrets.ts';
import { CliError } from '../terminal.ts';

interface RefundStage {
  readonly webhooksUrl: string;
  readonly secrets: Readonly<Record<Provider, string>>;
  readonly personId: string;
  keyOf(name: string): string;
}

/** A refund whose payment nobody reports, and a payment of which the provider counts more refunds than it notifies. */
export async function refundSample({ webhooksUrl, secrets, personId, keyOf }: RefundStage): Promise<void> {
  const notifyAll = async (...notifications: readonly Notification[]) => {
    for (const notification of notifications) await notify(webhooksUrl, notification);
  };
  const ids = (name: string) => ({ eventId: `evt_${keyOf(name)}`, paymentId: `pi_${keyOf(name)}` });
  const money = { amountMinor: 15_00, currency: 'EUR' };
  const counted = ids('counted');
  await notifyAll(
    stripeRefund(secrets.stripe, { ...ids('early-refund'), ...money, refundId: `re_${keyOf('early-refund')}` }),
    stripeNotification(secrets.stripe, { ...counted, ...money, personId }),
    stripeEvent(secrets.stripe, { eventId: `evt_${keyOf('counted-refund')}` }, 'charge.refunded', {
      ...{ id: `ch_${keyOf('counted')}`, payment_intent: counted.paymentId, amount: 15_00, currency: 'eur' },
      amount_refunded: 6_00,
    }),
  );
}

/** Posts a notification to the payment service. */
export async function notify(webhooksUrl: string, notification: Notification): Promise<void> {
  const answer = await post(webhooksUrl, notification);
  await answer.body?.cancel();
  if (answer.status >= 500) throw new CliError(`The payment service answered ${answer.status}.`);
}
