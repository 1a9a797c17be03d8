import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { roleOf } from './database-url.js';

/** The database of a service with its two roles, each with its password in its URL. */
export interface DatabasePlan {
  readonly ownerUrl: string;
  readonly runtimeUrl: string;
}

const duplicateObject = '42710';
const duplicateDatabase = '42P04';
/** Two instances create the same role or database at the same moment. */
const uniqueViolation = '23505';

/**
 * Creates the roles and the database of a service, as an administrator of the server. What exists stays, with the
 * password that the URL has now; so a second run with other passwords rotates them. Tables and grants are the work of
 * `migrate`, as the owner.
 */
export async function provisionDatabase(adminUrl: string, { ownerUrl, runtimeUrl }: DatabasePlan): Promise<void> {
  const admin = new Client({ connectionString: adminUrl });
  await admin.connect();
  try {
    for (const url of [ownerUrl, runtimeUrl]) await provisionRole(admin, url);
    const owner = admin.escapeIdentifier(roleOf(ownerUrl));
    const { rows } = await admin.query<{ super: boolean }>(
      'select rolsuper as super from pg_roles where rolname = current_user',
    );
    // Who is no superuser gives objects to members of its own role alone.
    if (!rows[0]?.super) await admin.query(`grant ${owner} to current_user`);
    const database = decodeURIComponent(new URL(ownerUrl).pathname.slice(1));
    await unlessThere(
      admin.query(`create database ${admin.escapeIdentifier(database)} owner ${owner}`),
      duplicateDatabase,
    );
  } finally {
    await admin.end();
  }
}

async function provisionRole(admin: Client, url: string): Promise<void> {
  const role = admin.escapeIdentifier(roleOf(url));
  const rights = 'login nosuperuser nocreatedb nocreaterole noreplication';
  await unlessThere(admin.query(`create role ${role} ${rights}`), duplicateObject);
  const verifier = scramVerifier(decodeURIComponent(new URL(url).password));
  await admin.query(`alter role ${role} password ${admin.escapeLiteral(verifier)}`);
}

async function unlessThere(created: Promise<unknown>, duplicate: string): Promise<void> {
  try {
    await created;
  } catch (error) {
    const { code } = error as { code?: string };
    if (code !== duplicate && code !== uniqueViolation) throw error;
  }
}

const iterations = 4_096;

/**
 * The password as Postgres stores it (RFC 5803; src/common/scram-common.c), so that no log of statements shows the
 * password.
 */
function scramVerifier(password: string): string {
  const salt = randomBytes(16);
  const salted = pbkdf2Sync(password, salt, iterations, 32, 'sha256');
  const keyed = (text: string) => createHmac('sha256', salted).update(text).digest();
  const storedKey = createHash('sha256').update(keyed('Client Key')).digest('base64');
  return `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${storedKey}:${keyed('Server Key').toString('base64')}`;
}
