import { describe, expect, it } from '@jest/globals';
import { type KeptRequest, settleNotifications } from './settle-notifications.js';

const kept = (id: string, details: Partial<KeptRequest> = {}): KeptRequest => ({
  id,
  provider: 'standard',
  eventId: `event of ${id}`,
  bodyHash: 'ab',
  supersedes: null,
  ...details,
});
const unread = { id: 'unread', provider: 'standard', bodyHash: 'ab' };

describe('a quarantined request', () => {
  it('is settled by the first repeat that is supported', () => {
    const repeats = [kept('1', { supersedes: 'old' }), kept('2', { supersedes: 'old' })];
    expect(settleNotifications(repeats, [])).toEqual([{ requestId: 'old', settledBy: '1' }]);
  });

  it('that could not be read is settled by the first readable one with the same bytes', () => {
    const repeats = [kept('1', { eventId: null }), kept('2'), kept('3')];
    expect(settleNotifications(repeats, [unread])).toEqual([{ requestId: 'unread', settledBy: '2' }]);
  });

  it.each([
    ['bytes', { bodyHash: 'cd' }],
    ['provider', { provider: 'stripe' }],
  ])('that could not be read stays open when another %s comes', (_, other) => {
    expect(settleNotifications([kept('1', other)], [unread])).toEqual([]);
  });
});
