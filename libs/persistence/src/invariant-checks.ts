import { Client } from 'pg';
import { columnTypes } from './driver/values.js';

/** An invariant of a service's data, and the statement that finds its violations. */
export interface InvariantCheck {
  /** A sentence: `an order has the instants of its state, and no others`. */
  readonly invariant: string;
  /** Selects one row for each violation; its column `violation` describes the violation in words. */
  readonly violations: string;
  /** The table whose rows are checked. */
  readonly counted: string;
}

/** The result of one check. */
export interface InvariantReport {
  readonly invariant: string;
  /** How many rows `counted` has. */
  readonly count: number;
  readonly counted: string;
  /** Empty when the invariant holds. */
  readonly violations: readonly string[];
}

/** How many violations of one invariant are printed. */
const printedMax = 10;

/** Runs each check. `query` should read one snapshot: otherwise work that commits meanwhile looks like a violation. */
export async function checkInvariants(
  checks: readonly InvariantCheck[],
  query: <Row>(sql: string) => Promise<Row[]>,
): Promise<InvariantReport[]> {
  const reports: InvariantReport[] = [];
  for (const { invariant, counted, violations } of checks) {
    const found = await query<{ violation: string }>(violations);
    const [total] = await query<{ count: number }>(`select count(*) as count from ${counted}`);
    reports.push({
      invariant,
      counted,
      count: total?.count ?? 0,
      violations: found.map(({ violation }) => violation),
    });
  }
  return reports;
}

/**
 * The `verify` entry point of a service: runs each check in one snapshot of its database and prints the reports.
 * The process exits with 1 when an invariant is violated.
 */
export async function verifyInvariants(service: string, url: string, checks: readonly InvariantCheck[]): Promise<void> {
  const client = new Client({ connectionString: url, types: columnTypes });
  await client.connect();
  try {
    await client.query('begin isolation level repeatable read read only');
    const reports = await checkInvariants(checks, async (sql) => (await client.query(sql)).rows);
    for (const { invariant, count, counted, violations } of reports) {
      console.log(`${violations.length === 0 ? 'holds ' : 'BROKEN'}  ${invariant} (${count} ${counted})`);
      for (const violation of violations.slice(0, printedMax)) console.log(`          ${violation}`);
      if (violations.length > printedMax) console.log(`          … and ${violations.length - printedMax} more`);
    }
    const violated = reports.filter(({ violations }) => violations.length > 0).length;
    console.log(
      violated === 0 ? `${service}: every invariant holds` : `${service}: ${violated} invariants are violated`,
    );
    process.exitCode = violated === 0 ? 0 : 1;
  } finally {
    await client.end();
  }
}
