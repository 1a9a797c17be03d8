import { defineEntity, p } from '@mikro-orm/postgresql';
import { among, column } from '#persistence/entities/columns.js';

/**
 * `applied`: it moved money. `waiting`: a refund that waits for its payment. `duplicate`: a repeat. `quarantined`: an
 * operator has to look at it. `stored`: nothing to apply. `rejected`: it was not authentic, or its provider is unknown.
 */
export const webhookVerdicts = ['applied', 'waiting', 'duplicate', 'quarantined', 'stored', 'rejected'] as const;
export type WebhookVerdict = (typeof webhookVerdicts)[number];

/** A raw request of a provider and its verdict. */
export const WebhookRequestEntity = defineEntity({
  name: 'WebhookRequest',
  tableName: 'webhook_request',
  properties: {
    id: p.uuid().primary(),
    provider: column.ascii(),
    eventId: column.ascii().nullable(),
    contentHash: column.bytes().nullable(),
    admitted: p.boolean().comment('The event id stands for this request: the first one with that id.'),
    verdict: column.oneOf<WebhookVerdict>().check(among('verdict', webhookVerdicts)),
    reason: p.text().nullable(),
    paymentId: p.uuid().nullable(),
    refundId: p.uuid().nullable(),
    headers: p.text(),
    body: column.bytes().comment('Of a request that was rejected or too large only the beginning.'),
    bodyBytes: p
      .integer()
      .nullable()
      .comment(
        'The length of the whole body where only its beginning is kept; null for others, and where the rest was not read.',
      ),
    bodySha256: column
      .bytes()
      .fieldName('body_sha256')
      .nullable()
      .comment('The SHA-256 of the whole body, where body_bytes is known.'),
    receivedAt: column.instant(),
    dismissedAt: column.instant().nullable(),
    dismissedBy: p.text().nullable(),
    dismissalNote: p.text().nullable(),
    settledBy: p
      .uuid()
      .nullable()
      .comment(
        'The repeat that was supported: its verdict is what became of this request, which is a duplicate from then on.',
      ),
    untakenReference: column
      .ascii()
      .nullable()
      .comment('The payment of a request that was stored because it names nobody: no refund of it is missed.'),
  },
  indexes: [
    // The event id first: it differs more than the provider does.
    {
      name: 'webhook_event',
      expression: 'create unique index webhook_event on webhook_request (event_id, provider) where admitted',
    },
    { name: 'webhook_rejected', properties: ['receivedAt'], where: `verdict = 'rejected'` },
    { name: 'webhook_open', properties: ['id'], where: `verdict = 'quarantined' and dismissed_at is null` },
    {
      name: 'webhook_open_unread',
      expression: `create index webhook_open_unread on webhook_request (provider, sha256(body))
        where verdict = 'quarantined' and dismissed_at is null and event_id is null`,
    },
    {
      name: 'webhook_too_large',
      expression: `create unique index webhook_too_large on webhook_request (body_sha256, provider)
        where reason = 'BODY_TOO_LARGE' and verdict = 'quarantined'`,
    },
    { name: 'webhook_dismissed', properties: ['id'], where: 'dismissed_at is not null' },
    { name: 'webhook_settled', properties: ['id'], where: 'settled_by is not null and reason is not null' },
    {
      name: 'webhook_untaken',
      properties: ['untakenReference', 'provider'],
      where: 'untaken_reference is not null',
    },
    { name: 'webhook_of_payment', properties: ['paymentId'], where: 'payment_id is not null' },
    { name: 'webhook_of_refund', properties: ['refundId'], where: 'refund_id is not null' },
  ],
});
