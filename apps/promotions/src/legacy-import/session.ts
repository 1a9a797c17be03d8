import { Client } from 'pg';
import { columnTypes, toParameters } from '#persistence/driver/values.js';

/**
 * One connection for one import, which stages its data in temporary tables. A trial is one transaction that is rolled
 * back: its report is exact, and it changes nothing.
 */
export class Session {
  readonly #client: Client;
  readonly #isTrial: boolean;

  private constructor(client: Client, isTrial: boolean) {
    this.#client = client;
    this.#isTrial = isTrial;
  }

  static async open(databaseUrl: string, { trial }: { readonly trial: boolean }): Promise<Session> {
    const client = new Client({ connectionString: databaseUrl, types: columnTypes, options: '-c jit=off' });
    await client.connect();
    // Two imports at once would be harmless, but each report would mix both.
    await client.query(`select pg_advisory_lock(hashtext('matricula.legacy-import'))`);
    if (trial) await client.query('begin');
    return new Session(client, trial);
  }

  async query<Row>(sql: string, values: readonly unknown[] = []): Promise<Row[]> {
    const { rows } = await this.#client.query(sql, toParameters(values));
    return rows as Row[];
  }

  /** Commits all of `work` or nothing. */
  async transaction<Result>(work: () => Promise<Result>): Promise<Result> {
    const [begin, commit, rollback] = this.#isTrial
      ? ['savepoint step', 'release step', 'rollback to step']
      : ['begin', 'commit', 'rollback'];
    await this.#client.query(begin as string);
    try {
      const result = await work();
      await this.#client.query(commit as string);
      return result;
    } catch (error) {
      await this.#client.query(rollback as string);
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#client.end();
  }
}
