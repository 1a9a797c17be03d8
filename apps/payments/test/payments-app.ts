import { expect } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { OperationsServer } from '#http/operations-server.js';
import { RpcClient } from '#messaging/requests/rpc-client.js';
import { migrate } from '#persistence/migrate.js';
import { MovableClock } from '../../../test/support/movable-clock.js';
import { testBrokerUrl } from '../../../test/support/servers/test-broker.js';
import { testDatabase } from '../../../test/support/servers/test-database.js';
import { testRedisUrl } from '../../../test/support/servers/test-redis.js';
import { BrokerProbe } from '../../../test/support/stack/broker-probe.js';
import { paymentsDatabase } from '../src/database.js';
import { readPaymentsConfig } from '../src/payments.config.js';
import { createPayments } from '../src/payments.http.js';
import { verifyLedger } from '../src/verification/verify-ledger.js';

export const secrets = {
  standard: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  stripe: 'whsec_a_stripe_secret_of_tests',
} as const;

export interface PaymentsApp {
  readonly app: NestFastifyApplication;
  readonly url: string;
  /** Where health and metrics are. */
  readonly operationsUrl: string;
  readonly databaseUrl: string;
  readonly clock: MovableClock;
  close(): Promise<void>;
}

/** The payment service in this process, on a port and a database of its own. `databaseUrl` joins another one's. */
export async function startPayments(
  options: { databaseUrl?: string; redisUrl?: string; clock?: MovableClock; environment?: NodeJS.ProcessEnv } = {},
): Promise<PaymentsApp> {
  const database = options.databaseUrl
    ? { url: options.databaseUrl, drop: async () => {} }
    : await testDatabase((url) => migrate(paymentsDatabase(url)));
  const clock = options.clock ?? new MovableClock();
  const settings = readPaymentsConfig({
    PAYMENTS_PORT: '0',
    PAYMENTS_DATABASE_URL: database.url,
    REDIS_URL: options.redisUrl ?? testRedisUrl(),
    AMQP_URL: 'amqp://payments@localhost',
    WEBHOOK_STANDARD_SECRETS: secrets.standard,
    WEBHOOK_STRIPE_SECRETS: secrets.stripe,
    LOG_LEVEL: process.env.TEST_LOG_LEVEL ?? 'fatal',
    ...options.environment,
  });
  // In production each service has a broker user of its own; the broker of the tests has one for all.
  const app = await createPayments({ ...settings, amqpUrl: testBrokerUrl() }, clock);
  await app.listen(0, '127.0.0.1');
  return {
    app,
    url: await app.getUrl(),
    operationsUrl: await app.get(OperationsServer, { strict: false }).listen({ host: '127.0.0.1', port: 0 }),
    databaseUrl: database.url,
    clock,
    close: async () => {
      await app.close();
      await database.drop();
    },
  };
}

/** Two instances on one database, with an RPC client and a probe that publishes what other services would. */
export interface PaymentsPair {
  readonly service: PaymentsApp;
  readonly second: PaymentsApp;
  readonly rpc: RpcClient;
  readonly brokerProbe: BrokerProbe;
  /** Also proves the ledger. */
  close(): Promise<void>;
}

/** Starts with an empty queue: tests look at the balances of all accounts together. */
export async function startPaymentsPair(): Promise<PaymentsPair> {
  const clock = new MovableClock();
  const brokerProbe = await BrokerProbe.arrive(() => clock.now());
  await brokerProbe.empty('payments');
  const service = await startPayments({ clock });
  const second = await startPayments({ databaseUrl: service.databaseUrl, clock });
  return {
    service,
    second,
    rpc: service.app.get(RpcClient),
    brokerProbe,
    close: async () => {
      await brokerProbe.leave();
      const { violations } = await verifyLedger(service.databaseUrl);
      await second.close();
      await service.close();
      expect(violations).toEqual([]);
    },
  };
}
