import { Client } from 'pg';
import { columnTypes } from './values.js';

/** Something that must hold at any moment, whatever was killed, and the statement that finds what breaks it. */
export interface Proof {
  readonly claim: string;
  /** Gives one row, `breach`, in words, for everything that breaks the claim. */
  readonly breaches: string;
  /** The table whose rows the claim is about. */
  readonly counted: string;
}

/** What proving a claim found. */
export interface Finding {
  readonly claim: string;
  /** Over how many rows it was proved. */
  readonly count: number;
  readonly counted: string;
  /** Nothing, when the claim holds. */
  readonly breaches: readonly string[];
}

/** How many of what breaks a claim are named. */
const namedMax = 10;

/** Proves each claim. `query` should read one snapshot, so that what goes on meanwhile is no breach. */
export async function prove(proofs: readonly Proof[], query: <Row>(sql: string) => Promise<Row[]>): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const { claim, counted, breaches } of proofs) {
    const found = await query<{ breach: string }>(breaches);
    const [total] = await query<{ count: number }>(`select count(*) as count from ${counted}`);
    findings.push({ claim, counted, count: total?.count ?? 0, breaches: found.map(({ breach }) => breach) });
  }
  return findings;
}

/**
 * For a service's `verify` entry point: proves that its data says one thing, and not two. Prints each claim, and lets
 * the process exit with 1 when one does not hold.
 */
export async function verifyDatabase(service: string, url: string, proofs: readonly Proof[]): Promise<void> {
  const client = new Client({ connectionString: url, types: columnTypes });
  await client.connect();
  try {
    // One snapshot for all claims: work goes on meanwhile.
    await client.query('begin isolation level repeatable read read only');
    const findings = await prove(proofs, async (sql) => (await client.query(sql)).rows);
    for (const { claim, count, counted, breaches } of findings) {
      console.log(`${breaches.length === 0 ? 'holds ' : 'BROKEN'}  ${claim} (${count} ${counted})`);
      for (const breach of breaches.slice(0, namedMax)) console.log(`          ${breach}`);
      if (breaches.length > namedMax) console.log(`          … and ${breaches.length - namedMax} more`);
    }
    const broken = findings.filter(({ breaches }) => breaches.length > 0).length;
    console.log(broken === 0 ? `${service}: every claim holds` : `${service}: ${broken} claims are broken`);
    process.exitCode = broken === 0 ? 0 : 1;
  } finally {
    await client.end();
  }
}
