import { Readable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { standardNotification } from '../../../../../test/support/messages/provider-notifications.js';
import { MovableClock } from '../../../../../test/support/movable-clock.js';
import type { PaymentsSettings } from '../../payments.config.js';
import { everything } from '../domain/acceptance.js';
import { standard } from '../domain/standard.js';
import type { Rejections } from '../rejecting/rejections.js';
import type { ReceiveRequests } from './receive-requests.js';
import { ReceiveWebhook } from './receive-webhook.js';
import { VerifyRequest } from './verify-request.js';
import type { ReceivedRequest, Verdict } from './webhooks.store.js';

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const clock = new MovableClock();

/** A store that takes everything but what names `poison`, as a database does that cannot hold a value. */
function storeThatChokes(seen: ReceivedRequest[][], error = new Error('invalid byte sequence')): ReceiveRequests {
  const receive = async (requests: readonly ReceivedRequest[]): Promise<Verdict[]> => {
    if (requests.some(({ payment }) => payment?.reference === 'poison')) throw error;
    seen.push([...requests]);
    return requests.map(({ verdict, reason }) => ({
      verdict: verdict === 'payment' || verdict === 'refund' ? 'applied' : verdict,
      reason,
      paymentId: null,
    }));
  };
  return { receive } as Partial<ReceiveRequests> as ReceiveRequests;
}

function teller(store: ReceiveRequests): (paymentId: string) => Promise<Verdict> {
  const configured = [{ provider: standard, keys: [standard.keyOf(secret)] }];
  const verification = new VerifyRequest(configured, {} as Rejections, clock);
  const receiveWebhook = new ReceiveWebhook(verification, { acceptance: everything } as PaymentsSettings, store, clock);
  return (paymentId) => {
    const signedAt = new Date(clock.now().epochMilliseconds);
    const { headers, body } = standardNotification(secret, { paymentId, amountMinor: 5, currency: 'EUR', signedAt });
    return receiveWebhook.execute('standard', { headers, body: Readable.from([Buffer.from(body)]), address: 'test' });
  };
}

describe('a notification that the database will not take', () => {
  it('is quarantined unread, and its neighbours are applied', async () => {
    const seen: ReceivedRequest[][] = [];
    const verdicts = await Promise.all(['first', 'poison', 'second', 'third'].map(teller(storeThatChokes(seen))));
    expect(verdicts.map(({ verdict, reason }) => [verdict, reason])).toEqual([
      ['applied', null],
      ['quarantined', 'REFUSED_BY_DATABASE'],
      ['applied', null],
      ['applied', null],
    ]);
    expect(seen.flat().filter(({ verdict }) => verdict === 'quarantined')).toEqual([
      expect.objectContaining({ eventId: null, payment: null, body: expect.any(Buffer) }),
    ]);
  });

  it('for want of room is not quarantined: the provider sends it again', async () => {
    const seen: ReceivedRequest[][] = [];
    const diskFull = Object.assign(new Error('could not extend file'), { code: '53100' });
    await expect(teller(storeThatChokes(seen, diskFull))('poison')).rejects.toBe(diskFull);
    expect(seen).toEqual([]);
  });
});
