import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createHttpServer } from '#http/http-server.js';
import { listenForMessages } from '#messaging/nest/rabbit-server.js';
import { migrate } from '#persistence/migrate.js';
import { MovableClock } from '../../../test/support/movable-clock.js';
import { testBrokerUrl } from '../../../test/support/servers/test-broker.js';
import { testDatabase } from '../../../test/support/servers/test-database.js';
import { testRedisUrl } from '../../../test/support/servers/test-redis.js';
import { promotionsDatabase } from '../src/database.js';
import { readPromotionsConfig } from '../src/promotions.config.js';
import { PromotionsModule } from '../src/promotions.module.js';

export interface PromotionsApp {
  readonly app: NestFastifyApplication;
  readonly databaseUrl: string;
  readonly clock: MovableClock;
  close(): Promise<void>;
}

/**
 * The service in this process, on real servers and a database of its own, as its `main.ts` starts it; or beside
 * `other`.
 */
export async function startPromotions(other?: PromotionsApp): Promise<PromotionsApp> {
  const database = other ? undefined : await testDatabase((url) => migrate(promotionsDatabase(url)));
  const databaseUrl = other?.databaseUrl ?? (database?.url as string);
  const clock = other?.clock ?? new MovableClock('2026-03-02T09:00:00Z');
  const settings = readPromotionsConfig({
    PROMOTIONS_DATABASE_URL: databaseUrl,
    REDIS_URL: testRedisUrl(),
    AMQP_URL: testBrokerUrl(),
    SWEEP_SECONDS: '1',
  });
  const app = await createHttpServer(PromotionsModule.with(settings, clock), {
    service: 'promotions',
    logLevel: 'silent',
    problems: { statuses: {} },
  });
  await listenForMessages(app);
  return {
    app,
    databaseUrl,
    clock,
    close: async () => {
      await app.close();
      await database?.drop();
    },
  };
}
