import { z } from 'zod';
import { command, query } from '../contract.js';
import { id, idKey, instant, pageOf, paging, storableText, text } from '../wire.js';

/** Notifications of providers that have a valid signature and were not applied: an operator reviews them. */

/** The decision of an operator that a notification needs no further action. */
const dismissal = z.object({
  dismissed_at: instant,
  dismissed_by: z.string().describe('The subject of their token.'),
  note: z.string(),
});

/** The result of a later repeat of the notification that was supported. */
const settlement = z.object({
  settled_at: instant,
  notification_id: id.describe('The repeat.'),
  verdict: z.enum(['applied', 'waiting', 'duplicate', 'quarantined']).describe('The verdict on the repeat.'),
});

export const quarantinedNotification = z
  .object({
    notification_id: id,
    provider: z.string(),
    event_id: z.string().nullable().describe('The id at the provider; null when it could not be parsed.'),
    reason: z.string().describe('The reason of the quarantine: stable and UPPER_SNAKE, such as EVENT_ID_REUSED.'),
    payment_id: id.nullable().describe('The payment that it is about, if it is registered.'),
    received_at: instant,
    headers: z.record(z.string(), z.string()).describe('The headers that belong to a notification of this provider.'),
    body: z.string().describe('The body as received, decoded as UTF-8.'),
    body_bytes: z
      .int()
      .optional()
      .describe('The length of the whole body, where it was too large and `body` is its beginning.'),
    dismissal: dismissal.nullable().describe('Null until an operator dismisses it.'),
    settlement: settlement.nullable().describe('Null until a repeat of it is applied.'),
  })
  .meta({ id: 'QuarantinedNotification' });

export const quarantinedState = z
  .enum(['open', 'dismissed', 'settled'])
  .default('open')
  .describe('Open: needs review. Dismissed: an operator has closed it. Settled: a repeat of it was applied.');

/** An item may have 64 KiB, so pages are shorter than in other lists. */
export const quarantinedPage = { most: 50, usual: 20 };

export const listQuarantinedNotifications = query({
  type: 'payments.list-quarantined-notifications.v1',
  service: 'payments',
  about: 'Quarantined notifications of providers, newest first.',
  request: z.object({
    state: quarantinedState,
    ...paging(idKey, quarantinedPage),
  }),
  response: pageOf(quarantinedNotification),
});

export const dismissNotificationBody = z
  .strictObject({ note: text(1_000).describe('The finding, or the action taken.') })
  .meta({ id: 'DismissNotification' });

export const dismissNotification = command({
  type: 'payments.dismiss-notification.v1',
  service: 'payments',
  subject: 'notification_id',
  about:
    'Dismisses a quarantined notification. It stays stored, and moves no money. ' +
    'A repeat returns the first dismissal. ' +
    'A notification that was settled by a repeat of its provider is not found.',
  refusals: ['NOTIFICATION_NOT_FOUND'],
  request: z.object({ notification_id: id, note: text(1_000), dismissed_by: storableText(200) }),
  response: dismissal.extend({ notification_id: id }).meta({ id: 'DismissedNotification' }),
});
