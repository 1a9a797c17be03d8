import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { openQueue } from '#jobs/queues.js';
import { newId } from '#kernel/ids.js';
import { PruneInbox, pruneInboxJobName } from '#messaging/consuming/prune-inbox.job.js';
import { Transactions } from '#persistence/transaction.js';
import { eventually } from '../../../test/support/eventually.js';
import { testRedisUrl } from '../../../test/support/servers/test-redis.js';
import { type PaymentsApp, startPayments } from '../test/payments-app.js';
import { PruneRejectedJob, pruneRejectedJob } from './webhooks/rejecting/prune-rejected.job.js';

const verdicts = ['applied', 'duplicate', 'quarantined', 'stored', 'rejected'];

describe('what the payment service throws away', () => {
  const redis = new Redis(testRedisUrl(), { lazyConnect: true });
  let service: PaymentsApp;
  let sql: Transactions;

  beforeAll(async () => {
    await redis.connect();
    await redis.flushdb();
    service = await startPayments();
    sql = service.app.get(Transactions);
  });

  afterAll(async () => {
    await service.close();
    redis.disconnect();
  });

  const daysAgo = (days: number) => service.clock.now().subtract({ hours: 24 * days });

  it('is the refused requests of more than 30 days ago, however many, and nothing that a provider signed', async () => {
    const keep = (verdict: string, days: number, count = 1) =>
      sql.query(
        `insert into webhook_request (id, provider, admitted, verdict, headers, body, received_at)
         select uuid_v7(), 'standard', false, $1, '{}', '', $2 from generate_series(1, $3)`,
        [verdict, daysAgo(days), count],
      );
    for (const verdict of verdicts) {
      await keep(verdict, 31);
      await keep(verdict, 29);
    }
    await keep('rejected', 400, 1_234);
    await service.app.get(PruneRejectedJob).prune();
    const left = await sql.query<{ verdict: string; count: number }>(
      `select verdict, count(*)::int as count from webhook_request group by verdict order by verdict`,
    );
    expect(left).toEqual(verdicts.toSorted().map((verdict) => ({ verdict, count: verdict === 'rejected' ? 1 : 2 })));
  });

  it('is the memory of messages that were handled more than 90 days ago', async () => {
    const [old, young] = [newId(), newId()];
    await sql.query(`insert into inbox (consumer, message_id, received_at) values ('c', $1, $2), ('c', $3, $4)`, [
      old,
      daysAgo(91),
      young,
      daysAgo(89),
    ]);
    await service.app.get(PruneInbox).prune();
    expect(await sql.query(`select message_id from inbox where consumer = 'c'`)).toEqual([{ message_id: young }]);
  });

  it.each([pruneInboxJobName('payments'), pruneRejectedJob.name])('is looked through every day: %s', async (name) => {
    const queue = openQueue(redis, name);
    await eventually(async () =>
      expect(await queue.getJobSchedulers()).toMatchObject([{ key: name, every: 24 * 3_600_000 }]),
    );
    await queue.close();
  });
});
