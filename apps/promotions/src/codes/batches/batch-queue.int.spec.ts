import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DynamicModule, INestApplication } from '@nestjs/common';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { Redis } from 'ioredis';
import {
  addImportRows,
  beginCodeImport,
  generateCodes,
  getCodeBatch,
  runCodeImport,
} from '#contracts/promotions/promo-code-batches.js';
import { newId } from '#kernel/ids.js';
import { MessagingModule } from '#messaging/nest/messaging.module.js';
import { listenForMessages } from '#messaging/nest/rabbit-server.js';
import { RpcClient } from '#messaging/requests/rpc-client.js';
import { migrate } from '#persistence/migrate.js';
import { Transactions } from '#persistence/transaction.js';
import { eventually } from '../../../../../test/support/eventually.js';
import { testBrokerUrl } from '../../../../../test/support/servers/test-broker.js';
import { type TestDatabase, testDatabase } from '../../../../../test/support/servers/test-database.js';
import { testRedisUrl } from '../../../../../test/support/servers/test-redis.js';
import { promotionsDatabase } from '../../database.js';
import { readPromotionsConfig } from '../../promotions.config.js';
import { PromotionsModule } from '../../promotions.module.js';

/** The whole service on real servers, asked over the broker as the gateway asks it. */
describe('batches of codes and their jobs', () => {
  const redis = new Redis(testRedisUrl(), { lazyConnect: true });
  let database: TestDatabase;
  let service: INestApplication;
  let asker: INestApplication;
  let rpc: RpcClient;

  beforeAll(async () => {
    await redis.connect();
    await redis.flushdb();
    database = await testDatabase((url) => migrate(promotionsDatabase(url)));
    const settings = readPromotionsConfig({
      PROMOTIONS_DATABASE_URL: database.url,
      REDIS_URL: testRedisUrl(),
      AMQP_URL: testBrokerUrl(),
      SWEEP_SECONDS: '1',
    });
    service = await start(PromotionsModule.with(settings));
    asker = await start(MessagingModule.forService({ service: 'gateway', amqpUrl: testBrokerUrl() }));
    rpc = asker.get(RpcClient, { strict: false });
  });

  afterAll(async () => {
    await asker.close();
    await service.close();
    redis.disconnect();
    await database.drop();
  });

  async function start(module: DynamicModule): Promise<INestApplication> {
    const compiled = await Test.createTestingModule({ imports: [module] }).compile();
    const app = compiled.createNestApplication(new FastifyAdapter(), { logger: false });
    await listenForMessages(app);
    await app.init();
    return app;
  }

  const ends = (batchId: string) =>
    eventually(async () => {
      const batch = await rpc.request(getCodeBatch, { batch_id: batchId });
      return batch.finished_at !== null && batch;
    });

  const order = (pattern: string, count: number) =>
    rpc.request(
      generateCodes,
      { pattern, count, terms: { kind: 'discount', percent_bp: 100 }, created_by: 'ravi' },
      { commandId: newId() },
    );

  it('create the codes of a generation at once', async () => {
    const { batch_id } = await order('JOB-####-????', 12_000);
    expect(await ends(batch_id)).toMatchObject({ state: 'done', done: 12_000 });
  });

  it('create codes from the rows of a file', async () => {
    const { batch_id } = await rpc.request(beginCodeImport, { created_by: 'ravi' }, { commandId: newId() });
    const rows = ['A', 'B'].map((code) => ({ code, kind: 'discount', percent_bp: '100' }));
    await rpc.request(addImportRows, { batch_id, first_row: 1, rows }, { commandId: newId() });
    await rpc.request(runCodeImport, { batch_id }, { commandId: newId() });
    expect(await ends(batch_id)).toMatchObject({ state: 'done', wanted: 2, done: 2, failed: 0 });
  });

  it('are found in Postgres when Redis lost their jobs', async () => {
    const id = newId();
    // As they stand when the process died, or Redis forgot, between the commit and the job.
    await service.get(Transactions, { strict: false }).query(
      `insert into code_batch (id, kind, state, pattern, terms, secret, wanted, created_by, created_at, touched_at)
       select $1, 'generate', 'running', 'LOST-####', terms, secret, 100, 'ravi', now(), now() - interval '2 minutes'
       from code_batch where kind = 'generate' limit 1`,
      [id],
    );
    expect(await ends(id)).toMatchObject({ state: 'done', done: 100 });
  });
});
