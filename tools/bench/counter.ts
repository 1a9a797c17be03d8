import { MikroORM } from '@mikro-orm/postgresql';
import { NestFactory } from '@nestjs/core';
import { built } from './built.ts';

/** The part of the promotions service that counts, in this process, as an instance of its own. */
export interface Counter {
  personId(index: number): string;
  /** Whether a use was left for this conversion. */
  redeem(codeId: string, index: number): Promise<boolean>;
  /** Holds a use for a new order, as the subscriptions service asks for it. */
  hold(request: { codes: string[]; offer_id: string; amount_minor: number; currency: string }): Promise<void>;
  /** Offer, uses, bonus and persons. */
  offerAnalytics(codeId: string): Promise<[string | null, number, number, number][]>;
  close(): Promise<void>;
}

/** `amqpUrl` is needed to hold, which is asked over the broker. */
export async function openCounter(databaseUrl: string, amqpUrl?: string): Promise<Counter> {
  const { AdmitRedemptions } = await built<
    typeof import('../../apps/promotions/src/redemptions/admitting/admit-redemptions.js')
  >('apps/promotions/src/redemptions/admitting/admit-redemptions.js');
  const { EvaluateRequests } = await built<
    typeof import('../../apps/promotions/src/redemptions/admitting/evaluate-requests.js')
  >('apps/promotions/src/redemptions/admitting/evaluate-requests.js');
  const { RedemptionsStore } = await built<typeof import('../../apps/promotions/src/redemptions/redemptions.store.js')>(
    'apps/promotions/src/redemptions/redemptions.store.js',
  );
  const { ReadOfferAnalytics } = await built<
    typeof import('../../apps/promotions/src/analytics/read-offer-analytics.js')
  >('apps/promotions/src/analytics/read-offer-analytics.js');
  const { AnalyticsStore } = await built<typeof import('../../apps/promotions/src/analytics/analytics.store.js')>(
    'apps/promotions/src/analytics/analytics.store.js',
  );
  const { MicroBatcher } = await built<typeof import('#persistence/micro-batcher.js')>(
    'libs/persistence/src/micro-batcher.js',
  );
  const { ormOptions } = await built<typeof import('../../libs/persistence/src/database.js')>(
    'libs/persistence/src/database.js',
  );
  const { Transactions } = await built<typeof import('../../libs/persistence/src/transaction.js')>(
    'libs/persistence/src/transaction.js',
  );
  const { SystemClock } = await built<typeof import('../../libs/kernel/src/clock.js')>('libs/kernel/src/clock.js');
  const { idFrom, newId } = await built<typeof import('../../libs/kernel/src/ids.js')>('libs/kernel/src/ids.js');
  const { holdCodes } = await built<typeof import('#contracts/promotions/promo-redemptions.js')>(
    'libs/contracts/src/promotions/promo-redemptions.js',
  );

  const orm = await MikroORM.init(ormOptions({ url: databaseUrl, entities: [], migrations: [] }));
  const transactions = new Transactions(orm);
  const uses = new RedemptionsStore();
  const admitUses = new AdmitRedemptions(new EvaluateRequests(uses), uses, new SystemClock());
  const analytics = new ReadOfferAnalytics(new AnalyticsStore(transactions));
  const batcher = new MicroBatcher((asks: Parameters<typeof admitUses.execute>[1][number][]) =>
    admitUses.execute(transactions, asks),
  );
  const asking = amqpUrl ? await openRpc(amqpUrl) : undefined;
  const personId = (index: number) => idFrom('bench', String(index % 100_000));

  return {
    personId,
    async redeem(codeId, index) {
      const admission = await batcher.submit({
        stage: 'convert',
        codes: [{ id: codeId }],
        personId: personId(index),
        offerId: `offer-${index % 20}`,
        amountMinor: 5_000,
        currency: 'EUR',
        conversionId: newId(),
      });
      return 'redemptions' in admission && admission.redemptions.length === 1;
    },
    async hold(request) {
      const orderId = newId();
      await asking?.rpc.request(holdCodes, {
        order_id: orderId,
        person_id: personId(Math.random() * 100_000),
        ...request,
      });
    },
    async offerAnalytics(codeId) {
      const { offer_breakdown: offers } = await analytics.execute({ code_id: codeId, owned_by: null });
      return offers.map((offer) => [offer.offer_id, offer.uses, offer.total_bonus, offer.unique_users]);
    },
    async close() {
      await batcher.drained();
      await asking?.app.close();
      await orm.close(true);
    },
  };
}

async function openRpc(amqpUrl: string) {
  const { MessagingModule } = await built<typeof import('#messaging/nest/messaging.module.js')>(
    'libs/messaging/src/nest/messaging.module.js',
  );
  const { RpcClient } = await built<typeof import('#messaging/requests/rpc-client.js')>(
    'libs/messaging/src/requests/rpc-client.js',
  );
  const app = await NestFactory.createApplicationContext(
    MessagingModule.forService({ service: 'subscriptions', amqpUrl }),
    { logger: false },
  );
  return { app, rpc: app.get(RpcClient) };
}
