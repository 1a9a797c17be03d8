import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { CompositeSet } from '#persistence/composite-set.js';
import { bytesArray } from '#persistence/driver/array-parameter.js';
import { Transactions, type Tx } from '#persistence/transaction.js';
import type { MovementCause } from '../../ledger/cause.js';
import { movementRecords } from '../../ledger/movement-records.js';
import type { PaymentAnswer } from '../../payments/domain/payment-notice.js';
import type { RefundAnswer } from '../../refunds/domain/refund-notice.js';
import type { ClassifiedNotification } from '../domain/notification.js';
import type { Settlement, UnreadRequest } from '../domain/settle-notifications.js';
import { WebhookRequestEntity } from '../webhook-request.entity.js';

/** A request whose signature was good, with what it seems to be; `headers` are those that are kept, as JSON. */
export interface ReceivedRequest extends ClassifiedNotification {
  readonly provider: string;
  readonly headers: string;
  readonly body: Buffer;
  readonly cause: MovementCause;
}

/** What a provider is answered, after the commit. */
export interface Verdict {
  readonly verdict: 'applied' | 'waiting' | 'duplicate' | 'quarantined' | 'stored';
  /** Why it is quarantined. */
  readonly reason: string | null;
  readonly paymentId: string | null;
}

/** How a request is classified before money is looked at: a `webhook_classification` as JSON. */
export interface Classification {
  /** Of the request, from 1. */
  readonly position: number;
  readonly classification: 'payment' | 'refund' | 'stored' | 'quarantined' | 'duplicate';
}

/** The row that is kept for a request: a `webhook_decision` as JSON. */
export interface Decision {
  readonly id: string;
  readonly verdict: Verdict['verdict'];
  readonly reason: string | null;
  readonly payment_id: string | null;
  /** The earlier request of this event id, which is supported now and was not then. */
  readonly settles: string | null;
}

/**
 * What the ledger answered to the requests of a set that carry money; `position` is that of the request, from 1.
 */
export interface LedgerAnswers {
  readonly classified: readonly Classification[];
  readonly paid: readonly (PaymentAnswer & { readonly position: number })[];
  readonly refunded: readonly (RefundAnswer & { readonly position: number })[];
}

/** The raw requests of providers, and what `receive_webhooks` makes of those that are authentic. */
@Injectable()
export class WebhooksStore {
  constructor(private readonly transactions: Transactions) {}

  /**
   * Receives a set without refunds in one statement: requests kept, payments registered, events published. One
   * verdict per request, in order.
   * @throws an error of the SQLSTATE that `needsSteps` recognises, when the set has to be received in steps
   */
  async receive(requests: readonly ReceivedRequest[], at: Temporal.Instant): Promise<Verdict[]> {
    const rows = await this.transactions.query<Omit<Verdict, 'paymentId'> & { payment_id: string | null }>(
      'select verdict, reason, payment_id from receive_webhooks($1, $2, $3)',
      [noticesOf(requests), bytesArray(requests.map(({ body }) => body)), at],
    );
    return rows.map(({ verdict, reason, payment_id: paymentId }) => ({ verdict, reason, paymentId }));
  }

  /** How requests are classified before money is looked at, in order. The caller holds the ledger's lock. */
  async classify(tx: Tx, requests: readonly ReceivedRequest[]): Promise<readonly Classification[]> {
    const [row] = await tx.query<{ classified: Classification[] }>(
      'select to_json(classify_requests($1)) as classified',
      [noticesOf(requests)],
    );
    return row?.classified ?? [];
  }

  /** Keeps requests with what the ledger answered to those that carry money. One decision per request, in order. */
  async keep(
    tx: Tx,
    requests: readonly ReceivedRequest[],
    { classified, paid, refunded }: LedgerAnswers,
    at: Temporal.Instant,
  ): Promise<readonly Decision[]> {
    const notices = noticesOf(requests);
    const [row] = await tx.query<{ decided: Decision[] }>(
      `select to_json(decide_requests(
         $1, records(null::webhook_classification, $2), $3, $4)) as decided`,
      [
        notices,
        JSON.stringify(classified),
        new CompositeSet('payment_answer', paid),
        new CompositeSet('refund_answer', refunded),
      ],
    );
    const decided = row?.decided ?? [];
    await tx.query('select keep_requests($1, $2, records(null::webhook_decision, $3), $4)', [
      notices,
      bytesArray(requests.map(({ body }) => body)),
      JSON.stringify(decided),
      at,
    ]);
    return decided;
  }

  /** The open requests that could not be read and have the bytes of one of these. */
  unread(tx: Tx, requests: readonly Pick<UnreadRequest, 'provider' | 'bodyHash'>[]): Promise<UnreadRequest[]> {
    return tx
      .kysely(WebhookRequestEntity)
      .selectFrom('webhook_request')
      .select(['id', 'provider'])
      .select(sql<string>`encode(sha256(body), 'hex')`.as('bodyHash'))
      .where(
        'id',
        '=',
        sql<string>`any (array(
          select w.id
          from json_to_recordset(${movementRecords(requests)}) r (provider text, body_hash text)
          cross join lateral (
            select * from webhook_request o
            where o.provider = r.provider and sha256(o.body) = decode(r.body_hash, 'hex')
              and o.verdict = 'quarantined' and o.dismissed_at is null and o.event_id is null offset 0
          ) w))`,
      )
      .execute();
  }

  /** Makes requests duplicates of their repeats. */
  async settle(tx: Tx, settlements: readonly Settlement[]): Promise<void> {
    if (settlements.length === 0) return;
    await tx.query(
      `update webhook_request w set verdict = 'duplicate', settled_by = s.settled_by
       from json_to_recordset($1) s (request_id uuid, settled_by uuid)
       where w.id = any (array(select request_id from json_to_recordset($1) k (request_id uuid)))
         and w.id = s.request_id`,
      [movementRecords(settlements)],
    );
  }
}

/** Requests as a set of `webhook_notice`; bodies go beside them. */
function noticesOf(requests: readonly ReceivedRequest[]): CompositeSet {
  return new CompositeSet(
    'webhook_notice',
    requests.map((request, index) => ({
      position: index + 1,
      provider: request.provider,
      eventId: request.eventId,
      contentHash: request.contentHash,
      verdict: request.verdict,
      reason: request.reason,
      headers: request.headers,
      payment: request.payment && { position: index + 1, ...request.payment, cause: causeOf(request) },
    })),
  );
}

function causeOf({ cause: { traceparent, correlationId, id } }: ReceivedRequest) {
  return { traceparent, correlationId, causationId: id };
}
