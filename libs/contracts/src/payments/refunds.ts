import { z } from 'zod';
import { query } from '../contract.js';
import { amountMinor, currency, id, instant, pageOf, paging, positiveAmountMinor } from '../wire.js';

/** Refunds and disputes that need a look of an operator. */

const kind = z.enum(['refund', 'dispute']);

export const waitingRefund = z
  .object({
    refund_id: id,
    provider: z.string(),
    kind,
    reference: z.string().describe('The refund’s or dispute’s own id at the provider.'),
    payment_reference: z.string().describe('The id at the provider of the payment that no notification has named.'),
    amount_minor: positiveAmountMinor,
    currency,
    received_at: instant,
  })
  .meta({ id: 'WaitingRefund' });

export const listWaitingRefunds = query({
  type: 'payments.list-waiting-refunds.v1',
  service: 'payments',
  about: 'Refunds and disputes that wait for their payment, oldest first. They are applied when it arrives.',
  request: z.object(paging(z.tuple([z.int().min(0)]))),
  response: pageOf(waitingRefund),
});

export const missingRefund = z
  .object({
    payment_id: id,
    provider: z.string(),
    kind,
    payment_reference: z.string(),
    reported_minor: positiveAmountMinor.describe('What the provider says went back of the payment in all.'),
    known_minor: amountMinor.describe('The sum of the refunds or disputes that were notified.'),
    currency,
    reported_at: instant,
  })
  .meta({ id: 'MissingRefund' });

export const listMissingRefunds = query({
  type: 'payments.list-missing-refunds.v1',
  service: 'payments',
  about:
    'Payments of which the provider counts more refunds or disputes than it has notified, oldest first. Subscribe its ' +
    'endpoint to the events of refunds, and have them sent again.',
  request: z.object(paging(z.tuple([instant, z.string(), z.string(), kind]))),
  response: pageOf(missingRefund),
});
