import { Injectable } from '@nestjs/common';
import type { ResponseOf } from '#contracts/contract.js';
import type { getTransfer } from '#contracts/payments/ledger.js';
import { Refusal } from '#kernel/refusal.js';
import { Transactions } from '#persistence/transaction.js';

type Transfer = ResponseOf<typeof getTransfer>;
type Entry = Transfer['entries'][number];
type ByHand = NonNullable<Transfer['by_hand']>;

/** A transfer with the kinds and owners of its accounts. */
interface TransferRow extends Omit<Transfer, 'from' | 'to' | 'entries' | 'by_hand' | 'created_at' | 'resolved_at'> {
  readonly from_id: number;
  readonly from_kind: Transfer['from']['kind'];
  readonly from_owner: string;
  readonly to_id: number;
  readonly to_kind: Transfer['to']['kind'];
  readonly to_owner: string;
  readonly created_at: Temporal.Instant;
  readonly resolved_at: Temporal.Instant | null;
}

/** One transfer: its accounts, its entries, and what moved the money. */
@Injectable()
export class ReadTransfer {
  constructor(private readonly transactions: Transactions) {}

  /** @throws Refusal TRANSFER_NOT_FOUND */
  async execute(transferId: string): Promise<Transfer> {
    const row = await this.transfer(transferId);
    if (!row) throw new Refusal('TRANSFER_NOT_FOUND', 'There is no such transfer.', { field: 'transfer_id' });
    const { from_id, from_kind, from_owner, to_id, to_kind, to_owner, created_at, resolved_at, ...transfer } = row;
    const [entries, byHand] = await Promise.all([
      transfer.state === 'posted' ? this.entries(row) : [],
      this.byHand(row),
    ]);
    return {
      ...transfer,
      from: { account_id: from_id, kind: from_kind, owner: from_owner },
      to: { account_id: to_id, kind: to_kind, owner: to_owner },
      by_hand: byHand,
      entries,
      created_at: created_at.toString(),
      resolved_at: resolved_at?.toString() ?? null,
    };
  }

  private async transfer(transferId: string): Promise<TransferRow | undefined> {
    const [row] = await this.transactions.query<TransferRow>(
      `select t.id as transfer_id, t.movement, t.state, t.amount_minor, t.currency, t.order_id, t.payment_id,
         t.correction_of, coalesce(t.source_key, 'payment/' || t.id) as cause, t.created_at, t.resolved_at,
         f.id as from_id, f.kind as from_kind, f.owner as from_owner,
         c.id as to_id, c.kind as to_kind, c.owner as to_owner
       from transfer t join account f on f.id = t.debit_account join account c on c.id = t.credit_account
       where t.id = $1`,
      [transferId],
    );
    return row;
  }

  private async entries({ transfer_id, from_id, to_id, resolved_at }: TransferRow): Promise<Entry[]> {
    const rows = await this.transactions.query<Omit<Entry, 'posted_at'> & { posted_at: Temporal.Instant }>(
      `select e.account_id, e.version, e.amount_minor, e.balance_after_minor, e.posted_at
       from unnest($1::bigint[]) with ordinality a (id, place) cross join lateral entry_of(a.id, $2, $3) e
       order by a.place`,
      [[from_id, to_id], transfer_id, resolved_at],
    );
    return rows.map(({ posted_at: postedAt, ...entry }) => ({ ...entry, posted_at: postedAt.toString() }));
  }

  /** Who moved it by hand and why. The cause of such a transfer names the record that has author and reason. */
  private async byHand({ cause, movement, order_id, payment_id }: TransferRow): Promise<ByHand | null> {
    const [record] = await this.transactions.query<Omit<ByHand, 'recorded_at'> & { recorded_at: Temporal.Instant }>(
      `select author, reason, recorded_at from payment_correction where id = $1
       union all select author, reason, recorded_at from payout where id = $1
       union all select author, reason, recorded_at from order_write_off where $2 = 'write-off' and order_id = $3
       union all select author, reason, received_at from refund where id = $1 and author is not null
       union all select assigned_by, coalesce(note, ''), matched_at from payment
         where $2 = 'match-payment' and id = $4 and assigned_by is not null
       union all select dismissed_by, dismissal_note, dismissed_at from payment
         where $2 = 'dismiss-payment' and id = $4 and dismissed_by is not null`,
      [recordOf(cause), movement, order_id, payment_id],
    );
    return record ? { ...record, recorded_at: record.recorded_at.toString() } : null;
  }
}

/** The id in a cause such as `refund/<id>`. */
function recordOf(cause: string): string | null {
  return /\/([0-9a-f-]{36})(?:\/|$)/.exec(cause)?.[1] ?? null;
}
