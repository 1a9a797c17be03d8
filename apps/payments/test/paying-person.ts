import { afterAll, beforeAll, beforeEach, expect } from '@jest/globals';
import type { z } from 'zod';
import { getAccount } from '#contracts/payments/accounts.js';
import { registerPayment } from '#contracts/payments/payments.js';
import { orderOpened } from '#contracts/subscriptions/orders.js';
import { personRegistered } from '#contracts/subscriptions/persons.js';
import { newId } from '#kernel/ids.js';
import { RpcClient } from '#messaging/requests/rpc-client.js';
import { someOrder } from '../../../test/support/messages/order-events.js';
import { AdmitPersons } from '../src/persons/admit-persons.js';
import { OpenReceivables } from '../src/receivables/open-receivables.js';
import { verifyLedger } from '../src/verification/verify-ledger.js';
import { type PaymentsApp, startPayments } from './payments-app.js';

type Payment = z.input<typeof registerPayment.request>;

/** The service, and a new person for each test whose payments an admin registers by command. */
export class PayingPerson {
  service!: PaymentsApp;
  rpc!: RpcClient;
  personId = '';
  private reference = 0;

  /**
   * Starts the service before all tests of a file; proves the ledger after them.
   * @param options what the service is started with, once all that it needs is there
   */
  static inEachTest(options: () => Promise<Parameters<typeof startPayments>[0]> = async () => ({})): PayingPerson {
    const one = new PayingPerson();
    beforeAll(async () => {
      one.service = await startPayments(await options());
      one.rpc = one.service.app.get(RpcClient);
    });
    beforeEach(async () => {
      one.personId = newId();
      await one.admit(one.personId);
    });
    afterAll(async () => {
      expect((await verifyLedger(one.service.databaseUrl)).violations).toEqual([]);
      await one.service.close();
    });
    return one;
  }

  instant = () => this.service.clock.now().toString();

  /** An event of subscriptions, as a consumer gets it. */
  envelope = <Data>(type: string, data: Data) => {
    const id = newId();
    return {
      id,
      source: 'subscriptions',
      type,
      subject: id,
      time: this.service.clock.now(),
      traceparent: undefined,
      correlationId: id,
      causationId: undefined,
      data,
    };
  };

  /** A person as subscriptions has them. */
  person = (person_id: string) => ({
    person_id,
    name: 'Ada',
    username: 'ada',
    email: 'ada@example.org',
    email_verified: false,
    version: 1,
    registered_at: this.instant(),
  });

  admit = (personId: string) =>
    this.service.app.get(AdmitPersons).execute([this.envelope(personRegistered.type, this.person(personId))]);

  orderData = (amountMinor: number) =>
    someOrder({ person_id: this.personId, amount_minor: amountMinor, opened_at: this.instant() });

  open = (data: ReturnType<typeof someOrder>) =>
    this.service.app.get(OpenReceivables).execute([this.envelope(orderOpened.type, data)]);

  /** A payment of 10 euros, unless the details say otherwise. */
  cash = (details: Partial<Payment> = {}) => {
    this.reference += 1;
    return {
      person_id: this.personId,
      amount_minor: 1_000,
      currency: 'EUR',
      method: 'cash' as const,
      reference: `receipt ${this.reference}`,
      ...details,
    };
  };

  register = (payment: Payment, commandId = newId()) => this.rpc.request(registerPayment, payment, { commandId });

  balances = async () => (await this.rpc.request(getAccount, { person_id: this.personId })).balances;
}
