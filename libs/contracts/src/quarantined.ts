import { z } from 'zod';
import { command, query } from './contract.js';
import { freeText, id, instant, pageOf, text } from './wire.js';

/** Notifications of providers that were signed as they should be and not applied: people look at them. */

/** Who looked at one, and what became of it. */
const dismissal = z.object({
  dismissed_at: instant,
  dismissed_by: z.string().describe('The subject of their token.'),
  note: z.string(),
});

/** What became of one that was understood when its provider sent it again. */
const settlement = z.object({
  settled_at: instant,
  notification_id: id.describe('The repeat.'),
  verdict: z
    .enum(['applied', 'duplicate', 'quarantined'])
    .describe('Of the repeat: what it did, or why it did nothing.'),
});

export const quarantinedNotification = z
  .object({
    notification_id: id,
    provider: z.string(),
    event_id: z.string().nullable().describe('Its id at the provider; null where none could be read.'),
    reason: z.string().describe('Why it is not applied: stable and UPPER_SNAKE, such as EVENT_ID_REUSED.'),
    payment_id: id.nullable().describe('The payment that it tells of, where we have that one.'),
    received_at: instant,
    headers: z.record(z.string(), z.string()).describe('Those that belong to a notification of this provider.'),
    body: z.string().describe('As it was sent, read as UTF-8.'),
    dismissal: dismissal.nullable().describe('Null until somebody dismisses it.'),
    settlement: settlement.nullable().describe('Null until its repeat is understood.'),
  })
  .meta({ id: 'QuarantinedNotification' });

export const quarantinedState = z
  .enum(['open', 'dismissed', 'settled'])
  .default('open')
  .describe(
    'Those that nobody has dealt with, those that somebody has, or those whose repeats were understood, which are open ' +
      'no longer.',
  );

/** Each item may carry 64 KiB, so that pages are shorter than elsewhere. */
export const quarantinedLimitMax = 50;

export const listQuarantinedNotifications = query({
  type: 'payments.list-quarantined-notifications.v1',
  service: 'payments',
  about: 'Notifications of providers that are quarantined and not applied, newest first.',
  request: z.object({
    state: quarantinedState,
    page: z.int().min(1).max(1_000_000).default(1),
    limit: z.int().min(1).max(quarantinedLimitMax).default(20),
  }),
  response: pageOf(quarantinedNotification),
});

export const dismissNotificationBody = z
  .strictObject({ note: text(1_000).describe('What was found, or done about it.') })
  .meta({ id: 'DismissNotification' });

export const dismissNotification = command({
  type: 'payments.dismiss-notification.v1',
  service: 'payments',
  about:
    'Says that a notification that is quarantined was dealt with. It stays, and moves no money. ' +
    'One that was dismissed before keeps its first dismissal, which is the answer. ' +
    'One that its provider sent again, and that could be applied then, is not found any more.',
  refusals: ['NOTIFICATION_NOT_FOUND'],
  request: z.object({ notification_id: id, note: text(1_000), dismissed_by: freeText(200) }),
  response: dismissal.extend({ notification_id: id }).meta({ id: 'DismissedNotification' }),
});
