import { describe, expect, it } from '@jest/globals';
import type { Endpoint } from './endpoint.js';
import { afterAttempts, type Outcome } from './endpoint-health.js';

const now = Temporal.Instant.from('2026-03-02T09:00:00Z');
const limits = { days: 5, inRow: 100 };
const healthy: Endpoint = {
  id: 'e',
  url: 'https://hooks.example.org/',
  description: '',
  eventTypes: [],
  status: 'active',
  statusReason: null,
  statusChangedAt: now,
  failures: 0,
  failingSince: null,
  notBefore: null,
  version: 1,
  createdAt: now,
  changedAt: now,
};
const success: Outcome = { succeeded: true, isGone: false, retryAfter: null };
const failure: Outcome = { ...success, succeeded: false };
const pauseAfter = (failures: number) => {
  const { notBefore } = afterAttempts(healthy, new Array(failures).fill(failure), limits, now);
  return notBefore === null ? 0 : now.until(notBefore).total('seconds');
};

describe('an endpoint', () => {
  it('that fails pauses after some failures in a row, for longer each time and five minutes at the most', () => {
    expect([1, 4, 5, 6, 7, 12, 13, 14, 90].map(pauseAfter)).toEqual([0, 0, 1, 2, 4, 128, 256, 300, 300]);
  });

  it('that succeeds is healthy again', () => {
    const failing = afterAttempts(healthy, new Array(20).fill(failure), limits, now);
    expect(failing).toMatchObject({ failures: 20, failingSince: now, status: 'active' });
    expect(afterAttempts(failing, [success], limits, now)).toEqual(healthy);
    expect(afterAttempts(failing, [success, failure], limits, now)).toMatchObject({ failures: 1, notBefore: null });
  });

  it('gets nothing before the instant that it asks for', () => {
    const retryAfter = now.add({ hours: 1 });
    expect(afterAttempts(healthy, [{ ...failure, retryAfter }], limits, now).notBefore).toEqual(retryAfter);
  });

  it('is disabled at the last failure that the limit allows', () => {
    const before = afterAttempts(healthy, new Array(99).fill(failure), limits, now);
    expect(before.status).toBe('active');
    expect(afterAttempts(before, [failure], limits, now)).toMatchObject({
      status: 'disabled',
      statusReason: 'failing',
    });
  });

  it('is disabled when it has failed for days, however seldom it was tried', () => {
    const failing = { ...healthy, failures: 1, failingSince: now };
    const [early, late] = [now.add({ hours: 24 * 5 - 1 }), now.add({ hours: 24 * 5 })];
    expect(afterAttempts(failing, [failure], limits, early).status).toBe('active');
    expect(afterAttempts(failing, [failure], limits, late)).toMatchObject({
      status: 'disabled',
      statusChangedAt: late,
    });
  });

  it('is disabled when it is gone, once', () => {
    const gone = afterAttempts(healthy, [{ ...failure, isGone: true }], limits, now);
    expect(gone).toMatchObject({ status: 'disabled', statusReason: 'gone', version: 2 });
    expect(afterAttempts(gone, [failure], limits, now)).toMatchObject({ statusReason: 'gone', version: 2 });
  });
});
