import pg from 'pg';
import { columnTypes } from '#persistence/driver/values.js';
import { bonusInvariants } from '../bonuses/bonus-invariants.js';
import { correctionInvariants } from '../corrections/correction-invariants.js';
import { debtInvariants } from '../debts/debt-invariants.js';
import { extraInvariants } from '../extras/extra-invariants.js';
import { ledgerInvariants } from '../ledger/ledger-invariants.js';
import { paymentInvariants } from '../payments/payment-invariants.js';
import { receivableInvariants } from '../receivables/receivable-invariants.js';
import { refundInvariants } from '../refunds/refund-invariants.js';
import { webhookInvariants } from '../webhooks/webhook-invariants.js';

/** One thing that does not hold, and where. */
export interface Violation {
  readonly invariant: string;
  readonly subject: string;
  readonly says: string;
}

/** What a verification found, and how much it looked at. */
export interface LedgerReport {
  readonly violations: readonly Violation[];
  /** How many of each were looked at. */
  readonly counted: {
    readonly accounts: number;
    readonly transfers: number;
    readonly entries: number;
    readonly payments: number;
  };
}

/** Violations shown per invariant; one is enough to act on. */
const shownMax = 20;

/** Every invariant, by its name. Numbers such as I1 are those of test/README.md. */
const invariants: Readonly<Record<string, string>> = {
  ...ledgerInvariants,
  ...receivableInvariants,
  ...paymentInvariants,
  ...extraInvariants,
  ...refundInvariants,
  ...debtInvariants,
  ...bonusInvariants,
  ...correctionInvariants,
  ...webhookInvariants,
};

/**
 * Proves the ledger while work goes on: each invariant is one statement and so sees one moment. All of them over one
 * snapshot would prove no more, and would for minutes keep the dead versions of the hot accounts from being cleared
 * away. On a connection of its own: the sums of millions of entries take longer than any statement of the hot path
 * may.
 */
export async function verifyLedger(databaseUrl: string): Promise<LedgerReport> {
  const client = new pg.Client({ connectionString: databaseUrl, types: columnTypes, connectionTimeoutMillis: 5_000 });
  await client.connect();
  try {
    await client.query(`set default_transaction_read_only = on`);
    await client.query(`set statement_timeout = '30min'`);
    const violations: Violation[] = [];
    for (const [invariant, query] of Object.entries(invariants)) {
      const { rows } = await client.query<{ subject: string; says: string }>(`${query} limit ${shownMax}`);
      violations.push(...rows.map(({ subject, says }) => ({ invariant, subject, says })));
    }
    const { rows } = await client.query<LedgerReport['counted']>(
      `select (select count(*) from account) as accounts, (select count(*) from transfer) as transfers,
         (select count(*) from entry) as entries, (select count(*) from payment) as payments`,
    );
    return { violations, counted: rows[0] as LedgerReport['counted'] };
  } finally {
    await client.end();
  }
}

/** For people. */
export function describeReport({ violations, counted }: LedgerReport): string {
  const { accounts, transfers, entries, payments } = counted;
  const seen = `${payments} payments, ${transfers} transfers, ${entries} entries, ${accounts} accounts`;
  if (violations.length === 0) return `The ledger holds: ${seen}; ${Object.keys(invariants).length} invariants proved.`;
  const lines = violations.map(({ invariant, subject, says }) => `  ${invariant}\n    ${subject}: ${says}`);
  return [`The ledger is broken (${seen}):`, ...lines].join('\n');
}
