import pg from 'pg';
import { columnTypes } from '#persistence/driver/values.js';
import { classify } from '../webhooks/domain/notification.js';
import { providers } from '../webhooks/domain/providers.js';
import type { Violation } from './verify-ledger.js';

/** What comparing payments with the signed requests found. */
export interface SignedReport {
  readonly violations: readonly Violation[];
  /** How many applied requests were read. */
  readonly requests: number;
}

interface AppliedRow {
  readonly id: string;
  readonly provider: string;
  readonly headers: string;
  readonly body: Buffer;
  readonly paid_at: string | null;
  readonly reference: string | null;
  readonly amount_minor: number | null;
  readonly currency: string | null;
  /** The refund or dispute that it stands for, spelled out. */
  readonly refund: string | null;
}

const invariant = 'I4 each payment is what its provider signed';

/** A body is 64 KiB at the most, so a page is 32 MiB at the worst, and a few hundred KiB as a rule. */
const pageRows = 500;
const shownMax = 20;

/**
 * Proves that each payment of a provider, and each refund and dispute, is what the signed bytes say for which it
 * stands: reads every applied request anew, as it was read when it came, and compares ids, amount and currency. Who
 * alters a payment with its transfer, entries and balances alike leaves a ledger that agrees with itself, and is
 * found here.
 *
 * One page at a time along the ids, which grow with time; `since` leaves out what came before. No statement is long
 * and no snapshot stays open. Costs some 30 µs of a core per request, and 4 µs in Postgres.
 */
export async function verifySignedPayments(
  databaseUrl: string,
  { since }: { since?: Temporal.Instant } = {},
): Promise<SignedReport> {
  const client = new pg.Client({ connectionString: databaseUrl, types: columnTypes, connectionTimeoutMillis: 5_000 });
  await client.connect();
  try {
    await client.query(`set default_transaction_read_only = on`);
    await client.query(`set statement_timeout = '5min'`);
    const violations: Violation[] = [];
    let requests = 0;
    for (let last = firstIdOf(since); ; ) {
      const { rows } = await client.query<AppliedRow>(appliedAfter, [last, pageRows]);
      for (const row of rows) {
        const says = differenceIn(row);
        if (says && violations.length < shownMax) violations.push({ invariant, subject: `request ${row.id}`, says });
      }
      requests += rows.length;
      if (rows.length < pageRows) return { violations, requests };
      last = (rows.at(-1) as AppliedRow).id;
    }
  } finally {
    await client.end();
  }
}

const appliedAfter = `
  select w.id, w.provider, w.headers, w.body, p.provider as paid_at, p.reference, p.amount_minor, p.currency,
    r.provider || ' ' || r.kind || ' ' || r.reference || ' of ' || r.amount_minor || ' ' || r.currency || ' of payment '
      || r.payment_reference as refund
  from (
    select * from webhook_request where verdict in ('applied', 'waiting') and id > $1 order by id limit $2
  ) w left join payment p on p.id = w.payment_id left join refund r on r.id = w.refund_id
  order by w.id`;

/** What an applied request says and its payment does not; nothing, when they agree. */
function differenceIn({ provider: name, headers, body, refund, ...payment }: AppliedRow): string | undefined {
  const provider = providers.find((one) => one.name === name);
  if (!provider) return `was applied for ${name}, which is no provider`;
  const classified = classify(provider, { headers: JSON.parse(headers), body });
  if (classified.verdict === 'stored' || classified.verdict === 'quarantined') {
    return `was applied, and says nothing that is: ${classified.reason ?? classified.verdict}`;
  }
  if (classified.refund) {
    const { kind, reference, amountMinor, currency, paymentReference } = classified.refund;
    const signed = `${name} ${kind} ${reference} of ${amountMinor} ${currency} of payment ${paymentReference}`;
    return signed === refund ? undefined : `signed was ${signed}, kept is ${refund ?? 'nothing'}`;
  }
  if (!classified.payment) return undefined;
  const { reference, amountMinor, currency } = classified.payment;
  const signed = `${name} ${reference} of ${amountMinor} ${currency}`;
  const kept = `${payment.paid_at} ${payment.reference} of ${payment.amount_minor} ${payment.currency}`;
  if (signed === kept) return undefined;
  return `signed was ${signed}, kept is ${payment.reference === null ? 'nothing' : kept}`;
}

/** The least of the ids (UUIDv7) that are drawn from then on. */
function firstIdOf(since: Temporal.Instant | undefined): string {
  const ms = (since?.epochMilliseconds ?? 0).toString(16).padStart(12, '0');
  return `${ms.slice(0, 8)}-${ms.slice(8)}-0000-0000-000000000000`;
}

/** For people. */
export function describeSigned({ violations, requests }: SignedReport): string {
  if (violations.length === 0) return `Each payment is what its provider signed: ${requests} applied requests read.`;
  const lines = violations.map(({ subject, says }) => `    ${subject}: ${says}`);
  return [`Payments differ from what was signed (${requests} applied requests read):`, `  ${invariant}`, ...lines].join(
    '\n',
  );
}
