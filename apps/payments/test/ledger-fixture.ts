import { MikroORM } from '@mikro-orm/postgresql';
import { newId } from '#kernel/ids.js';
import { ormOptions } from '#persistence/database.js';
import { migrate } from '#persistence/migrate.js';
import { Transactions } from '#persistence/transaction.js';
import { testDatabase } from '../../../test/support/servers/test-database.js';
import type { Bonus } from '../src/bonuses/domain/bonus.js';
import { paymentsDatabase } from '../src/database.js';
import type { MovementCause } from '../src/ledger/cause.js';
import type { PaymentNotice } from '../src/payments/domain/payment-notice.js';
import type { OrderEvent } from '../src/receivables/order-events.js';
import type { RefundNotice } from '../src/refunds/domain/refund-notice.js';
import { type Violation, verifyLedger } from '../src/verification/verify-ledger.js';

export const at = Temporal.Instant.from('2026-03-02T09:00:00Z');
export const cause: MovementCause = { correlationId: 'test', traceparent: undefined };

/** A migrated database of its own, and eyes to look into it. */
export interface Ledger {
  readonly url: string;
  readonly sql: Transactions;
  available(personId: string, currency?: string): Promise<number>;
  reserved(personId: string, currency?: string): Promise<number>;
  /** What a person owes us. */
  owed(personId: string, currency?: string): Promise<number>;
  balance(kind: string, owner: string, currency?: string): Promise<number>;
  receivableState(orderId: string): Promise<string | undefined>;
  /** The events published since the last call, oldest first. */
  published(): Promise<{ type: string; data: Record<string, unknown> }[]>;
  violations(): Promise<readonly Violation[]>;
  close(): Promise<void>;
}

export async function openLedger(): Promise<Ledger> {
  const database = await testDatabase((url) => migrate(paymentsDatabase(url)));
  const orm = await MikroORM.init(ormOptions({ ...paymentsDatabase(database.url), poolMax: 4 }));
  const sql = new Transactions(orm);
  const money = async (column: string, kind: string, owner: string, currency: string) => {
    const [row] = await sql.query<{ value: number }>(
      `select ${column} as value from account where kind = $1 and owner = $2 and currency = $3`,
      [kind, owner, currency],
    );
    return row?.value ?? 0;
  };
  return {
    url: database.url,
    sql,
    available: (personId, currency = 'EUR') =>
      money('credits_posted - debits_posted - debits_pending', 'person', personId, currency),
    reserved: (personId, currency = 'EUR') => money('debits_pending', 'person', personId, currency),
    owed: (personId, currency = 'EUR') => money('debits_posted - credits_posted', 'debt', personId, currency),
    balance: (kind, owner, currency = 'EUR') => money('credits_posted - debits_posted', kind, owner, currency),
    receivableState: async (orderId) => {
      const [row] = await sql.query<{ state: string }>('select state from receivable where order_id = $1', [orderId]);
      return row?.state;
    },
    published: () => sql.query(`with gone as (delete from outbox returning *) select type, data from gone order by id`),
    violations: async () => (await verifyLedger(database.url)).violations,
    close: async () => {
      await orm.close(true);
      await database.drop();
    },
  };
}

let made = 0;

export function notice(details: Partial<PaymentNotice> = {}): PaymentNotice {
  made += 1;
  return {
    provider: 'cash',
    reference: `receipt ${made}`,
    amountMinor: 1_000,
    currency: 'EUR',
    personNamed: null,
    orderNamed: null,
    cause,
    ...details,
  };
}

/** A refund of all of a payment, unless the details say otherwise. */
export function refund(
  payment: Pick<PaymentNotice, 'provider' | 'reference' | 'amountMinor' | 'currency'>,
  details: Partial<RefundNotice> = {},
): RefundNotice {
  made += 1;
  return {
    provider: payment.provider,
    kind: 'refund',
    reference: `return ${made}`,
    paymentReference: payment.reference,
    amountMinor: payment.amountMinor,
    currency: payment.currency,
    reinstated: false,
    cause,
    ...details,
  };
}

/** Each order is opened a minute after the one made before it. */
export function order(details: Partial<OrderEvent> = {}): OrderEvent {
  made += 1;
  return {
    orderId: newId(),
    personId: newId(),
    classId: newId(),
    amountMinor: 1_000,
    toleranceMinor: 0,
    currency: 'EUR',
    openedAt: at.add({ minutes: made }),
    cause,
    ...details,
  };
}

export function bonus(details: Partial<Bonus> = {}): Bonus {
  return { bonusId: newId(), personId: newId(), amountMinor: 1_000, currency: 'EUR', cause, ...details };
}
