import { Injectable } from '@nestjs/common';
import { Transactions } from '#persistence/transaction.js';

/** A request that was not authentic, or whose provider is unknown. It is kept as evidence only. */
export interface RejectedRequest {
  readonly provider: string;
  readonly reason: string;
  readonly headers: string;
  /** Its beginning. */
  readonly body: Buffer;
  /** How long the whole body was, and its SHA-256; null when it was not read to its end. */
  readonly bodyBytes: number | null;
  readonly bodySha256: Buffer | null;
}

/** The rows of rejected requests: evidence, which expires. */
@Injectable()
export class RejectedRequestsStore {
  constructor(private readonly transactions: Transactions) {}

  /** Keeps a request with the verdict `rejected`. */
  async keep(request: RejectedRequest, at: Temporal.Instant): Promise<void> {
    const { provider, reason, headers, body, bodyBytes, bodySha256 } = request;
    await this.transactions.query(
      `insert into webhook_request
         (id, provider, admitted, verdict, reason, headers, body, body_bytes, body_sha256, received_at)
       values (uuid_v7(), $1, false, 'rejected', $2, $3, $4, $5, $6, $7)`,
      [provider, reason, headers, body, bodyBytes, bodySha256, at],
    );
  }

  /** Quarantines the beginning of an authentic request, once for all repeats of the same bytes. */
  async quarantine(request: RejectedRequest, at: Temporal.Instant): Promise<void> {
    const { provider, reason, headers, body, bodyBytes, bodySha256 } = request;
    await this.transactions.query(
      `insert into webhook_request
         (id, provider, admitted, verdict, reason, headers, body, body_bytes, body_sha256, received_at)
       values (uuid_v7(), $1, false, 'quarantined', $2, $3, $4, $5, $6, $7)
       on conflict (body_sha256, provider) where reason = 'BODY_TOO_LARGE' and verdict = 'quarantined' do nothing`,
      [provider, reason, headers, body, bodyBytes, bodySha256, at],
    );
  }

  /** Deletes up to `max` of the requests that were rejected before `before`. @returns how many */
  async deleteBefore(before: Temporal.Instant, max: number): Promise<number> {
    const deleted = await this.transactions.query(
      `delete from webhook_request where id = any (array(
         select id from webhook_request where verdict = 'rejected' and received_at < $1 order by received_at limit $2))
       returning id`,
      [before, max],
    );
    return deleted.length;
  }
}
