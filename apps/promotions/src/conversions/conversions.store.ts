import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { Transactions, type Tx } from '#persistence/transaction.js';
import { ConversionEntity } from './conversion.entity.js';
import {
  type Conversion,
  type ConversionName,
  type Earnings,
  hashOf,
  keyOf,
  type ReversalReason,
} from './domain/conversion.js';

/** A conversion as it is stored. */
export interface RecordedConversion extends Omit<Conversion, 'cause'> {
  readonly contentHash: Buffer;
  readonly earnings: Earnings;
  readonly recordedAt: Temporal.Instant;
  readonly reversedAt: Temporal.Instant | null;
  readonly reverseReason: ReversalReason | null;
  /** The reply to the first reversal. */
  readonly reversal: unknown;
}

/**
 * The rows of conversions. Updates name the ids twice: the list of ids makes the plan use the index, even if it was
 * planned for an empty table.
 */
@Injectable()
export class ConversionsStore {
  constructor(private readonly transactions: Transactions) {}

  /** The recorded conversions of these names, by `keyOf`. */
  async find(names: readonly ConversionName[], on: Pick<Tx, 'kysely'> = this.transactions): Promise<Known> {
    return byKey(await recordedAmong(on, names).execute());
  }

  /** As `find`, and locked until the end of the transaction, so that each is reversed once. */
  async lock(tx: Tx, names: readonly ConversionName[]): Promise<Known> {
    return byKey(await recordedAmong(tx, names).orderBy('conversionId').orderBy('sender').forUpdate().execute());
  }

  /**
   * Inserts the conversions whose names are free, and returns their keys. Waits for a transaction that inserts one of
   * them. The replies are stored later in the same transaction.
   */
  async add(tx: Tx, conversions: readonly Conversion[], at: Temporal.Instant): Promise<ReadonlySet<string>> {
    const rows = await tx.query<{ id: string; sender: string }>(
      `insert into conversion (conversion_id, sender, person_id, offer_id, payout_minor, currency, occurred_at, order_id,
         content_hash, recorded_at)
       select conversion_id, sender, person_id, offer_id, payout_minor, currency, occurred_at, order_id,
         decode(hash, 'hex'), $9
       from unnest($1::text[], $2::uuid[], $3::text[], $4::bigint[], $5::text[], $6::timestamptz[], $7::uuid[], $8::text[],
           $10::text[])
         as new (conversion_id, person_id, offer_id, payout_minor, currency, occurred_at, order_id, hash, sender)
       order by conversion_id, sender
       on conflict do nothing returning conversion_id as id, sender`,
      [
        conversions.map(({ id }) => id),
        conversions.map(({ personId }) => personId),
        conversions.map(({ offerId }) => offerId),
        conversions.map(({ payoutMinor }) => payoutMinor),
        conversions.map(({ currency }) => currency),
        conversions.map(({ occurredAt }) => occurredAt),
        conversions.map(({ orderId }) => orderId),
        conversions.map((conversion) => hashOf(conversion).toString('hex')),
        at,
        conversions.map(({ sender }) => sender ?? ''),
      ],
    );
    return new Set(rows.map(keyOf));
  }

  /** Stores what each of these conversions earned. */
  async answer(tx: Tx, conversions: readonly Conversion[], earnings: ReadonlyMap<string, Earnings>): Promise<void> {
    await tx.query(
      `update conversion set answer = new.answer::jsonb
       from unnest($1::text[], $2::text[], $3::text[]) as new (id, sender, answer)
       where conversion_id = any ($1) and conversion_id = new.id and conversion.sender = new.sender`,
      [
        conversions.map(({ id }) => id),
        conversions.map(({ sender }) => sender ?? ''),
        conversions.map((conversion) => JSON.stringify(earnings.get(keyOf(conversion)))),
      ],
    );
  }

  async reverse(
    tx: Tx,
    reversals: readonly (ConversionName & { readonly reason: ReversalReason; readonly answer: unknown })[],
    at: Temporal.Instant,
  ): Promise<void> {
    await tx.query(
      `update conversion set reversed_at = $1, reverse_reason = new.reason, reverse_answer = new.answer::jsonb
       from unnest($2::text[], $3::text[], $4::text[], $5::text[]) as new (id, reason, answer, sender)
       where conversion_id = any ($2) and conversion_id = new.id and conversion.sender = new.sender`,
      [
        at,
        reversals.map(({ id }) => id),
        reversals.map(({ reason }) => reason),
        reversals.map(({ answer }) => JSON.stringify(answer)),
        reversals.map(({ sender }) => sender ?? ''),
      ],
    );
  }
}

function recordedAmong(on: Pick<Tx, 'kysely'>, names: readonly ConversionName[]) {
  const ids = names.map(({ id }) => id);
  const senders = names.map(({ sender }) => sender ?? '');
  return on
    .kysely(ConversionEntity)
    .selectFrom('conversion')
    .select(recordedColumns)
    .where('conversionId', '=', sql<string>`any (${ids}::text[])`)
    .where(sql<boolean>`(conversion_id, sender) in (select * from unnest(${ids}::text[], ${senders}::text[]))`);
}

type Known = ReadonlyMap<string, RecordedConversion>;

const recordedColumns = [
  'conversionId as id',
  'sender',
  'personId',
  'offerId',
  'payoutMinor',
  'currency',
  'occurredAt',
  'orderId',
  'contentHash',
  'answer as earnings',
  'recordedAt',
  'reversedAt',
  'reverseReason',
  'reverseAnswer as reversal',
] as const;

/** By `keyOf`. The reply is null only inside of the transaction that inserts the conversion. */
function byKey(rows: readonly (Omit<RecordedConversion, 'earnings'> & { earnings: Earnings | null })[]): Known {
  return new Map(rows.map((row) => [keyOf(row), { ...row, sender: row.sender || null } as RecordedConversion]));
}
