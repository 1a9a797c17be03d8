import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { anyOf } from '#persistence/entities/any-of.js';
import { mapPage, type Page, type Paging, pageOf } from '#persistence/paging.js';
import { Transactions, type Tx, type Typed } from '#persistence/transaction.js';
import { PaymentEntity } from '../../payment-rows/payment.entity.js';
import { type PaymentKey, paymentsOf } from '../../payment-rows/payments-of.js';
import { WebhookRequestEntity } from '../webhook-request.entity.js';

/** That somebody has dealt with a request, and how. */
export interface Dismissal {
  readonly at: Temporal.Instant;
  readonly by: string;
  readonly note: string;
}

/** By which repeat, that was understood, a request was settled. */
export interface Settlement {
  readonly at: Temporal.Instant;
  /** The id of the repeat. */
  readonly by: string;
  readonly verdict: 'applied' | 'waiting' | 'duplicate' | 'quarantined';
}

/** A request that is quarantined, or was, with what became of it. */
export interface QuarantinedRequest {
  readonly id: string;
  readonly provider: string;
  readonly eventId: string | null;
  readonly reason: string;
  /** The names and values that are kept, as JSON. */
  readonly headers: string;
  readonly body: Buffer;
  /** The length of the whole body, where only its beginning is kept. */
  readonly bodyBytes: number | null;
  readonly receivedAt: Temporal.Instant;
  readonly dismissal: Dismissal | null;
  readonly settlement: Settlement | null;
}

/** The conditions of the partial indexes that these requests are found by, word for word, so that they serve. */
const which = {
  open: sql<boolean>`webhook_request.verdict = 'quarantined' and webhook_request.dismissed_at is null`,
  dismissed: sql<boolean>`webhook_request.dismissed_at is not null`,
  // What was stored without a reason was never quarantined.
  settled: sql<boolean>`webhook_request.settled_by is not null and webhook_request.reason is not null`,
};

/** Requests that were authentic and not applied, and what became of them. */
@Injectable()
export class QuarantinedStore {
  constructor(private readonly transactions: Transactions) {}

  /** Newest first: their ids follow the order in which they came. */
  async page(state: keyof typeof which, paging: Paging): Promise<Page<QuarantinedRequest>> {
    const matching = requests(this.transactions).where(which[state]);
    const selected = matching
      .leftJoin('webhook_request as repeat', 'repeat.id', 'webhook_request.settledBy')
      .select(['webhook_request.id', 'webhook_request.provider', 'webhook_request.eventId', 'webhook_request.headers'])
      .select(['webhook_request.body', 'webhook_request.bodyBytes', 'webhook_request.receivedAt'])
      .select('webhook_request.settledBy')
      .select(['webhook_request.dismissedAt', 'webhook_request.dismissedBy', 'webhook_request.dismissalNote'])
      .select(({ ref }) => ref('webhook_request.reason').$notNull().as('reason'))
      .select(['repeat.receivedAt as settledAt', 'repeat.verdict as settledVerdict']);
    const order = { by: ['webhook_request.id'], direction: 'desc' } as const;
    return mapPage(
      await pageOf({ matching, selected, order }, paging),
      ({ dismissedAt, dismissedBy, dismissalNote, settledAt, settledBy, settledVerdict, ...request }) => ({
        ...request,
        dismissal: dismissedAt && dismissalOf({ dismissedAt, dismissedBy, dismissalNote }),
        settlement: settledAt && {
          at: settledAt,
          by: settledBy as string,
          verdict: settledVerdict as Settlement['verdict'],
        },
      }),
    );
  }

  /** How many are open, and since when the oldest is. */
  async backlog(): Promise<{ open: number; oldest: Temporal.Instant | null }> {
    const oldest = requests(this.transactions).select('receivedAt').where(which.open).orderBy('id').limit(1);
    const { open, since } = await requests(this.transactions)
      .select(({ fn }) => fn.countAll<number>().as('open'))
      .select(oldest.as('since'))
      .where(which.open)
      .executeTakeFirstOrThrow();
    return { open, oldest: since };
  }

  /** The ids of those of these payments that we have, in their order. */
  async payments(names: readonly (PaymentKey | null)[]): Promise<(string | null)[]> {
    const rows = await this.transactions
      .kysely(PaymentEntity)
      .selectFrom('payment')
      .select(['id', 'provider', 'reference'])
      .where('id', '=', paymentsOf(names.filter((name) => name !== null)))
      .execute();
    const ids = new Map(rows.map((payment) => [keyOf(payment), payment.id]));
    return names.map((name) => (name && ids.get(keyOf(name))) ?? null);
  }

  /**
   * Keeps a dismissal of each of these that is open; those that were dismissed before keep theirs. Under the
   * ledger's lock.
   */
  async dismiss(tx: Tx, dismissals: ReadonlyMap<string, Omit<Dismissal, 'at'>>, at: Temporal.Instant): Promise<void> {
    const ids = [...dismissals.keys()];
    await tx.query(
      `update webhook_request w set dismissed_at = $4, dismissed_by = d.dismissed_by, dismissal_note = d.note
       from unnest($1::uuid[], $2::text[], $3::text[]) d (id, dismissed_by, note)
       where w.id = any ($1::uuid[]) and w.verdict = 'quarantined' and w.dismissed_at is null and w.id = d.id`,
      [ids, ids.map((id) => dismissals.get(id)?.by), ids.map((id) => dismissals.get(id)?.note), at],
    );
  }

  /** By the id of the request. */
  async dismissals(tx: Tx, ids: readonly string[]): Promise<Map<string, Dismissal>> {
    const rows = await requests(tx)
      .select(['id', 'dismissedBy', 'dismissalNote'])
      .select(({ ref }) => ref('dismissedAt').$notNull().as('dismissedAt'))
      .where('id', '=', anyOf(ids))
      .where(which.dismissed)
      .execute();
    return new Map(rows.map(({ id, ...dismissal }) => [id, dismissalOf(dismissal)]));
  }
}

function keyOf({ provider, reference }: PaymentKey): string {
  return `${provider} ${reference}`;
}

function requests(source: Typed) {
  return source.kysely(WebhookRequestEntity).selectFrom('webhook_request');
}

/** The columns of a dismissal, which are set together. */
interface DismissalColumns {
  readonly dismissedAt: Temporal.Instant;
  readonly dismissedBy: string | null;
  readonly dismissalNote: string | null;
}

function dismissalOf({ dismissedAt, dismissedBy, dismissalNote }: DismissalColumns): Dismissal {
  return { at: dismissedAt, by: dismissedBy ?? '', note: dismissalNote ?? '' };
}
