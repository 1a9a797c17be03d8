import { Injectable } from '@nestjs/common';
import { bytesArray } from '#persistence/driver/array-parameter.js';
import { Transactions } from '#persistence/transaction.js';
import type { MovementCause } from '../../ledger/cause.js';
import { movementRecords } from '../../ledger/movement-records.js';
import { refundRecords } from '../../refunds/return-payments.js';
import type { Judgement } from '../domain/notification.js';

/** A request whose signature was good, with what it seems to be; `headers` are those that are kept, as JSON. */
export interface ReceivedRequest extends Judgement {
  readonly provider: string;
  readonly headers: string;
  readonly body: Buffer;
  readonly cause: MovementCause;
}

/** What a request is answered, once that is committed. */
export interface Verdict {
  readonly verdict: 'applied' | 'duplicate' | 'quarantined' | 'stored';
  /** Why it is quarantined. */
  readonly reason: string | null;
  readonly paymentId: string | null;
}

/** A request that was refused, because it was not authentic or its provider is unknown. Kept as evidence only. */
export interface RejectedRequest {
  readonly provider: string;
  readonly reason: string;
  readonly headers: string;
  /** Its beginning. */
  readonly body: Buffer;
  /** How long the whole body was, and its SHA-256. */
  readonly bodyBytes: number;
  readonly bodySha256: Buffer;
}

/** The raw requests of providers, and what `receive_webhooks` makes of those that are authentic. */
@Injectable()
export class WebhooksStore {
  constructor(private readonly transactions: Transactions) {}

  /**
   * One transaction: requests kept, payments registered, money moved, events told. One verdict per request, in order.
   */
  async receive(requests: readonly ReceivedRequest[], at: Temporal.Instant): Promise<Verdict[]> {
    const returns = requests.flatMap(({ returned, cause }, index) =>
      returned ? [{ notice: { ...returned, cause }, request: index + 1 }] : [],
    );
    const notices = requests.map((request, index) => ({
      position: index + 1,
      provider: request.provider,
      eventId: request.eventId,
      contentHash: request.contentHash,
      verdict: request.verdict,
      reason: request.reason,
      headers: request.headers,
      payment: request.payment && { position: index + 1, ...request.payment, cause: request.cause },
    }));
    const rows = await this.transactions.query<{ verdict: Verdict['verdict']; reason: string; payment_id: string }>(
      `select verdict, reason, payment_id
       from receive_webhooks(records(null::webhook_notice, $1), $2, records(null::refund_notice, $3), $4)`,
      [
        movementRecords(notices),
        bytesArray(requests.map(({ body }) => body)),
        refundRecords(
          returns.map(({ notice }) => notice),
          returns.map(({ request }) => request),
        ),
        at,
      ],
    );
    return rows.map((row) => ({ verdict: row.verdict, reason: row.reason, paymentId: row.payment_id }));
  }

  async keepRejected(request: RejectedRequest, at: Temporal.Instant): Promise<void> {
    const { provider, reason, headers, body, bodyBytes, bodySha256 } = request;
    await this.transactions.query(
      `insert into webhook_request
         (id, provider, admitted, verdict, reason, headers, body, body_bytes, body_sha256, received_at)
       values (uuid_v7(), $1, false, 'rejected', $2, $3, $4, $5, $6, $7)`,
      [provider, reason, headers, body, bodyBytes, bodySha256, at],
    );
  }

  /** Throws away up to `max` of the requests that were refused before `before`, and says how many. */
  async forgetRejected(before: Temporal.Instant, max: number): Promise<number> {
    const forgotten = await this.transactions.query(
      `delete from webhook_request where id = any (array(
         select id from webhook_request where verdict = 'rejected' and received_at < $1 order by received_at limit $2))
       returning id`,
      [before, max],
    );
    return forgotten.length;
  }
}
