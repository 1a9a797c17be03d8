import { Injectable } from '@nestjs/common';
import { findPersons } from '#contracts/subscriptions/persons.js';
import { ServiceUnavailable } from '#messaging/faults.js';
import { RpcClient } from '#messaging/requests/rpc-client.js';
import { Transactions } from '#persistence/transaction.js';
import { PersonsStore } from './persons.store.js';

/** Well below the timeout of the requests that name a person. */
const timeoutMs = 3_000;

/**
 * Finds out which persons exist. The event of an unknown person may not have arrived yet: subscriptions is queried once
 * for all of them, and those who exist are projected; the event then repeats it. Only for use outside of transactions,
 * which must not wait for another service.
 */
@Injectable()
export class FindPersons {
  constructor(
    private readonly transactions: Transactions,
    private readonly persons: PersonsStore,
    private readonly rpc: RpcClient,
  ) {}

  /**
   * @param ids at most as many different ones as the contract takes
   * @returns the ids that exist, and the ids that cannot be checked while subscriptions is away
   */
  async execute(
    ids: readonly string[],
  ): Promise<{ readonly found: ReadonlySet<string>; readonly doubtful: readonly string[] }> {
    const known = await this.persons.known(ids);
    const unknown = [...new Set(ids)].filter((id) => !known.has(id));
    if (unknown.length === 0) return { found: known, doubtful: [] };
    try {
      const { persons } = await this.rpc.request(findPersons, { person_ids: unknown }, { timeoutMs });
      const projected = persons.map(({ person_id: id, name, username, email, version }) => {
        return { id, name, username, email, version };
      });
      if (projected.length > 0) await this.persons.project(this.transactions, projected);
      return { found: new Set([...known, ...projected.map(({ id }) => id)]), doubtful: [] };
    } catch (error) {
      if (error instanceof ServiceUnavailable) return { found: known, doubtful: unknown };
      throw error;
    }
  }
}
