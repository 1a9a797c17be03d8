import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { getAccount, getTrialBalance } from '#contracts/payments/accounts.js';
import { newId } from '#kernel/ids.js';
import { RpcClient } from '#messaging/requests/rpc-client.js';
import { Transactions } from '#persistence/transaction.js';
import {
  type Notification,
  post,
  standardNotification,
  stripeNotification,
  stripeRefund,
} from '../../../../../test/support/messages/provider-notifications.js';
import { at, cause } from '../../../test/ledger-fixture.js';
import { admitPersons } from '../../../test/movements.js';
import { type PaymentsApp, secrets, startPayments } from '../../../test/payments-app.js';
import { verifyLedger } from '../../verification/verify-ledger.js';

let service: PaymentsApp;
let rpc: RpcClient;
const personId = newId();

beforeAll(async () => {
  service = await startPayments();
  rpc = service.app.get(RpcClient);
  await admitPersons(service.app.get(Transactions), [{ personId, cause }], at);
});

afterAll(async () => {
  expect((await verifyLedger(service.databaseUrl)).violations).toEqual([]);
  await service.close();
});

const receive = async (notification: Notification) => (await post(service.url, notification)).json();
const available = async () => (await rpc.request(getAccount, { person_id: personId })).balances[0]?.available_minor;

/** The balances of the accounts of tax, shipping and tips that are open. */
async function collected(): Promise<Record<string, number>> {
  const { currencies } = await rpc.request(getTrialBalance, {});
  const accounts = currencies.find(({ currency }) => currency === 'EUR')?.accounts ?? [];
  const extras = accounts.filter(({ kind }) => ['tax', 'shipping', 'tip'].includes(kind));
  return Object.fromEntries(extras.map(({ kind, balance_minor }) => [kind, balance_minor]));
}

it('leaves the person what was for the order, whichever event of a checkout names the tax', async () => {
  const signedAt = new Date(service.clock.now().epochMilliseconds);
  const paid = { amountMinor: 1_250, currency: 'EUR', personId, paymentId: 'pi_1', signedAt };
  expect(await receive(stripeNotification(secrets.stripe, paid))).toMatchObject({ verdict: 'applied' });
  expect([await available(), await collected()]).toEqual([1_250, {}]);

  const session = {
    id: 'cs_1',
    payment_intent: 'pi_1',
    payment_status: 'paid',
    amount_total: 1_250,
    amount_subtotal: 1_000,
    total_details: { amount_discount: 0, amount_shipping: 50, amount_tax: 200 },
  };
  const completed = stripeNotification(secrets.stripe, { ...paid, type: 'checkout.session.completed', more: session });
  expect(await receive(completed)).toMatchObject({ verdict: 'duplicate' });
  expect(await receive(completed)).toMatchObject({ verdict: 'duplicate' });
  expect([await available(), await collected()]).toEqual([1_000, { tax: 200, shipping: 50 }]);

  const tipped = { ...paid, amountMinor: 110, paymentId: 'pay_2', more: { tip_minor: 10 } };
  expect(await receive(standardNotification(secrets.standard, tipped))).toMatchObject({ verdict: 'applied' });
  expect([await available(), await collected()]).toEqual([1_100, { tax: 200, shipping: 50, tip: 10 }]);

  expect(await receive(stripeRefund(secrets.stripe, paid))).toMatchObject({ verdict: 'applied' });
  expect([await available(), await collected()]).toEqual([100, { tax: 0, shipping: 0, tip: 10 }]);
});
