import { Client } from 'pg';
import { columnTypes } from './values.js';

/** Something that must hold at any moment, whatever was killed, and the statement that finds what breaks it. */
export interface InvariantCheck {
  readonly claim: string;
  /** Gives one row, `violation`, in words, for everything that breaks the claim. */
  readonly violations: string;
  /** The table whose rows the claim is about. */
  readonly counted: string;
}

/** What proving a claim found. */
export interface InvariantReport {
  readonly claim: string;
  /** Over how many rows it was proved. */
  readonly count: number;
  readonly counted: string;
  /** Nothing, when the claim holds. */
  readonly violations: readonly string[];
}

/** How many of what breaks a claim are named. */
const namedMax = 10;

/** Proves each claim. `query` should read one snapshot, so that what goes on meanwhile is no violation. */
export async function checkInvariants(
  proofs: readonly InvariantCheck[],
  query: <Row>(sql: string) => Promise<Row[]>,
): Promise<InvariantReport[]> {
  const findings: InvariantReport[] = [];
  for (const { claim, counted, violations } of proofs) {
    const found = await query<{ violation: string }>(violations);
    const [total] = await query<{ count: number }>(`select count(*) as count from ${counted}`);
    findings.push({ claim, counted, count: total?.count ?? 0, violations: found.map(({ violation }) => violation) });
  }
  return findings;
}

/**
 * For a service's `verify` entry point: proves that its data says one thing, and not two. Prints each claim, and lets
 * the process exit with 1 when one does not hold.
 */
export async function verifyInvariants(service: string, url: string, proofs: readonly InvariantCheck[]): Promise<void> {
  const client = new Client({ connectionString: url, types: columnTypes });
  await client.connect();
  try {
    // One snapshot for all claims: work goes on meanwhile.
    await client.query('begin isolation level repeatable read read only');
    const findings = await checkInvariants(proofs, async (sql) => (await client.query(sql)).rows);
    for (const { claim, count, counted, violations } of findings) {
      console.log(`${violations.length === 0 ? 'holds ' : 'BROKEN'}  ${claim} (${count} ${counted})`);
      for (const violation of violations.slice(0, namedMax)) console.log(`          ${violation}`);
      if (violations.length > namedMax) console.log(`          … and ${violations.length - namedMax} more`);
    }
    const broken = findings.filter(({ violations }) => violations.length > 0).length;
    console.log(broken === 0 ? `${service}: every claim holds` : `${service}: ${broken} claims are broken`);
    process.exitCode = broken === 0 ? 0 : 1;
  } finally {
    await client.end();
  }
}
