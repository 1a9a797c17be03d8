import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { Refusal } from '#kernel/refusal.js';
import { currentTrace } from '#observability/trace.js';
import { EventSubscriber, failOn, upTo } from '../../../../test/support/services/event-subscriber.js';
import type { MessagingEnvironment } from '../../../../test/support/services/messaging-environment.js';
import { parkedQueue, retryQueue } from '../connection/topology.js';
import { envelopeText } from '../envelope.js';
import { TransientFault } from '../faults.js';

let subscriber: EventSubscriber;
let environment: MessagingEnvironment;

beforeAll(async () => {
  subscriber = await EventSubscriber.create();
  environment = subscriber.environment;
});
afterAll(() => subscriber.close());
beforeEach(() => subscriber.reset());

describe('packed events', () => {
  it('are handled like single ones', async () => {
    subscriber.putPacked(upTo(5).map((value) => environment.envelope(value)));
    subscriber.put([5]);
    await subscriber.start();
    await subscriber.hasSeen(upTo(6));
    await subscriber.allAcknowledged();
  });

  it('fill a call up to the bound of a batch, unless one message has more', async () => {
    for (const from of [0, 4, 8]) subscriber.putPacked(upTo(4).map((value) => environment.envelope(from + value)));
    await subscriber.start({ batchMax: 6 });
    await subscriber.hasSeen(upTo(12));
    expect(subscriber.calls.map(({ length }) => length)).toEqual([4, 4, 4]);
  });

  it('are parked or retried one by one, with the envelope of each', async () => {
    const bad = environment.envelope(2);
    const invalid = environment.envelope('no number');
    subscriber.before = failOn(2, () => new TypeError('cannot read two'));
    subscriber.putPacked([environment.envelope(1), bad, invalid, '{"specversion":"1.0"}', environment.envelope(3)]);
    await subscriber.start();
    await subscriber.hasSeen([1, 3]);
    const parked = await subscriber.parkedMessages(3);
    expect(parked.map(({ reason }) => reason).sort()).toEqual(['bug', 'malformed', 'unparsable']);
    const bug = parked.find(({ reason }) => reason === 'bug');
    expect(bug).toMatchObject({ messageId: bad.messageId, subject: bad.subject });
    expect(JSON.parse(bug?.body ?? '')).toEqual(JSON.parse(envelopeText(bad)));
  });

  it('are republished one by one when one of them crashes the process, and only that one is parked', async () => {
    const line = await subscriber.startCrashingOn(1);
    subscriber.putPacked(upTo(3).map((value) => environment.envelope(value)));
    const [parked] = await subscriber.parkedMessages(1);
    expect(parked?.reason).toBe('crashes-its-consumer');
    expect(JSON.parse(parked?.body ?? '').data).toEqual({ value: 1 });
    await subscriber.hasSeen([0, 2]);
    await line.close();
  });

  it('are parked when there are none', async () => {
    subscriber.putPacked([]);
    await subscriber.start();
    expect((await subscriber.parkedMessages(1)).map(({ reason }) => reason)).toEqual(['unparsable']);
  });
});

describe('a poisoned event', () => {
  it('is parked with the reason, and its neighbours are handled', async () => {
    subscriber.before = failOn(5, () => new TypeError('cannot read five'));
    subscriber.put(upTo(10));
    await subscriber.start();
    await subscriber.hasSeen(upTo(10).filter((value) => value !== 5));
    const [parked] = await subscriber.parkedMessages(1);
    expect(parked).toMatchObject({ reason: 'bug', type: environment.happened.type, attempts: 0 });
    expect(parked?.detail).toContain('TypeError: cannot read five');
    expect(JSON.parse(parked?.body ?? '').data).toEqual({ value: 5 });
    await subscriber.allAcknowledged();
  });

  it('is parked as refused, with the code, when the handler refuses it', async () => {
    subscriber.before = failOn(1, () => new Refusal('ORDER_GONE', 'The order is gone.'));
    subscriber.put([1, 2]);
    await subscriber.start();
    await subscriber.hasSeen([2]);
    const detail = expect.stringMatching(/^ORDER_GONE: The order is gone\./);
    expect(await subscriber.parkedMessages(1)).toMatchObject([{ reason: 'refused', detail }]);
  });

  it('is parked when it cannot be read, is unknown, too new or does not fit its contract', async () => {
    environment.put(
      environment.envelope(1),
      Buffer.from('{"specversion": "1.0", '),
      Buffer.from('{"hello": "environment"}'),
      environment.envelope(2, { type: `${environment.publisher}.without-contract.v1` }),
      environment.envelope(3, { type: environment.happened.type.replace('.v1', '.v2') }),
      environment.envelope('four'),
      environment.envelope(5),
    );
    await subscriber.start();
    await subscriber.hasSeen([1, 5]);
    const reasons = (await subscriber.parkedMessages(5)).map(({ reason }) => reason);
    expect(reasons.sort()).toEqual(['malformed', 'too-new-version', 'unknown-type', 'unparsable', 'unparsable']);
    // The neighbours of the invalid event were handled in one batch.
    expect(subscriber.calls.flat()).toHaveLength(2);
  });

  it('is logged in its own trace, when its type is unknown or too new', async () => {
    const correlations: unknown[] = [];
    const logged = jest
      .spyOn(Logger.prototype, 'error')
      .mockImplementation(() => void correlations.push(currentTrace()?.correlationId));
    const unknown = environment.envelope(1, { type: `${environment.publisher}.without-contract.v1` });
    const tooNew = environment.envelope(2, { type: environment.happened.type.replace('.v1', '.v2') });
    try {
      environment.put(unknown, tooNew);
      await subscriber.start();
      await subscriber.parkedMessages(2);
      expect(correlations).toEqual([unknown.correlationId, tooNew.correlationId]);
    } finally {
      logged.mockRestore();
    }
  });

  it('that crashes its consumer is parked after a few crashes, and its neighbours are handled', async () => {
    const line = await subscriber.startCrashingOn(3);
    subscriber.put(upTo(8));
    const parked = await subscriber.parkedMessages(1);
    expect(parked).toMatchObject([{ reason: 'crashes-its-consumer' }]);
    expect(JSON.parse(parked[0]?.body ?? '').data).toEqual({ value: 3 });
    await subscriber.hasSeen(upTo(8).filter((value) => value !== 3));
    await subscriber.allAcknowledged();
    await line.close();
  });
});

describe('a transient fault', () => {
  it('delays only the event that failed', async () => {
    let failures = 2;
    subscriber.before = (batch) => {
      if (batch.some(({ data }) => data.value === 1) && failures-- > 0) throw new TransientFault('lost a race');
    };
    subscriber.put([1, 2]);
    await subscriber.start();
    await subscriber.hasSeen([1, 2]);
    await subscriber.allAcknowledged();
    expect(await environment.depth(parkedQueue(environment.subscriber))).toBe(0);
  });

  it('that does not pass is parked after the last attempt', async () => {
    subscriber.before = failOn(1, () => Object.assign(new Error('deadlock detected'), { code: '40P01' }));
    subscriber.put([1, 2]);
    await subscriber.start();
    await subscriber.hasSeen([2]);
    const [parked] = await subscriber.parkedMessages(1);
    expect(parked).toMatchObject({ reason: 'retries-exhausted', attempts: 2 });
    expect(subscriber.calls.filter((values) => values.length === 1 && values[0] === 1)).toHaveLength(3);
    expect(await environment.depth(retryQueue(environment.subscriber, 1))).toBe(0);
  });
});
