import { describe, expect, it } from '@jest/globals';
import { concernsOf, type Overview } from './overview.js';

const at = Temporal.Instant.from('2026-03-02T09:00:00Z');
const noRelay = { service: 'payments', depth: null, ageSeconds: null, relaysWorking: 0 };
const calm: Overview = {
  at,
  services: [{ service: 'payments', url: 'http://a', status: 'up', failing: {} }],
  servers: [{ server: 'Redis', status: 'up', detail: 'answers' }],
  outboxes: [{ service: 'payments', depth: 40, ageSeconds: 0.2, relaysWorking: 1, relaySeenAt: at }],
  consumers: [{ service: 'payments', handled: 100, lagP95Seconds: 0.3, waiting: 12 }],
  queues: [
    { queue: 'payments', messages: 5_000, consumers: 2 },
    { queue: 'payments.retry.5', messages: 3, consumers: 0 },
  ],
  parked: [{ place: 'payments', messages: 0 }],
  quarantined: { notifications: 0, oldestSeconds: 0 },
  jobs: [{ queue: 'payments.verify-ledger', waiting: 1, active: 1, delayed: 900, failed: 0 }],
};

describe('the overview', () => {
  it('has no concern while everything flows, however much it is', () => {
    expect(concernsOf(calm)).toEqual([]);
  });

  it('has no concern while payments does not say what is quarantined: that it is away is one', () => {
    expect(concernsOf({ ...calm, quarantined: null })).toEqual([]);
  });

  it('has no concern while one relay takes over from another', () => {
    const outboxes = [{ ...noRelay, relaySeenAt: at.subtract({ seconds: 10 }) }];
    expect(concernsOf({ ...calm, outboxes })).toEqual([]);
  });

  it.each<[string, Partial<Overview>]>([
    [
      'payments at http://a is not ready: database (connect ECONNREFUSED).',
      {
        services: [
          { service: 'payments', url: 'http://a', status: 'down', failing: { database: 'connect ECONNREFUSED' } },
        ],
      },
    ],
    [
      'payments at http://a works without redis (no connection).',
      { services: [{ service: 'payments', url: 'http://a', status: 'degraded', failing: { redis: 'no connection' } }] },
    ],
    [
      'Redis is away: does not answer in time.',
      { servers: [{ server: 'Redis', status: 'down', detail: 'does not answer in time' }] },
    ],
    [
      '7 events wait in the outbox of payments, the oldest for 42 s.',
      { outboxes: [{ service: 'payments', depth: 7, ageSeconds: 42, relaysWorking: 1, relaySeenAt: at }] },
    ],
    ['No relay of payments works.', { outboxes: [{ ...noRelay, relaySeenAt: null }] }],
    ['No relay of payments works.', { outboxes: [{ ...noRelay, relaySeenAt: at.subtract({ seconds: 11 }) }] }],
    [
      '2 relays of payments say that they work; one should.',
      { outboxes: [{ service: 'payments', depth: 0, ageSeconds: 0, relaysWorking: 2, relaySeenAt: at }] },
    ],
    [
      'payments handles events 90 s after they were published.',
      { consumers: [{ service: 'payments', handled: 1, lagP95Seconds: 90, waiting: 0 }] },
    ],
    [
      'Nobody consumes the queue payments; it holds 1 message.',
      { queues: [{ queue: 'payments', messages: 1, consumers: 0 }] },
    ],
    ['3 messages parked: unroutable.', { parked: [{ place: 'unroutable', messages: 3 }] }],
    [
      '1 notification of a provider is quarantined, for 119 s.',
      { quarantined: { notifications: 1, oldestSeconds: 119.4 } },
    ],
    [
      '3 notifications of providers are quarantined, the oldest for 2 min.',
      { quarantined: { notifications: 3, oldestSeconds: 120 } },
    ],
    [
      '3 notifications of providers are quarantined, the oldest for 47 h.',
      { quarantined: { notifications: 3, oldestSeconds: 172_799 } },
    ],
    [
      '3 notifications of providers are quarantined, the oldest for 2 days.',
      { quarantined: { notifications: 3, oldestSeconds: 172_800 } },
    ],
    [
      '1 job of payments.verify-ledger failed for good.',
      { jobs: [{ queue: 'payments.verify-ledger', waiting: 0, active: 0, delayed: 0, failed: 1 }] },
    ],
  ])('says: %s', (sentence, trouble) => {
    expect(concernsOf({ ...calm, ...trouble })).toEqual([sentence]);
  });
});
