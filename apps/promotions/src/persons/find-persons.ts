import { Injectable } from '@nestjs/common';
import { findPersons } from '#contracts/persons.js';
import { ServiceUnavailable } from '#messaging/faults.js';
import { RpcClient } from '#messaging/requests/rpc-client.js';
import { Transactions } from '#persistence/transaction.js';
import { PersonsStore } from './persons.store.js';

/** Well below the time that whoever names a person waits. */
const timeoutMs = 3_000;

/**
 * Says who exists. Whoever is not known here may have been registered a moment ago, with the event of it still on its
 * way: subscriptions is asked, once for all of them, and those who exist are known from then on. The event then says
 * what is known. Only for use outside of transactions, which must not wait for another service.
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
   * @returns those who exist, and those of whom nobody can tell while subscriptions is away
   */
  async execute(
    ids: readonly string[],
  ): Promise<{ readonly found: ReadonlySet<string>; readonly doubtful: readonly string[] }> {
    const known = await this.persons.known(ids);
    const unknown = [...new Set(ids)].filter((id) => !known.has(id));
    if (unknown.length === 0) return { found: known, doubtful: [] };
    try {
      const { persons } = await this.rpc.request(findPersons, { person_ids: unknown }, { timeoutMs });
      const learnt = persons.map(({ person_id: id, name, username, email }) => ({ id, name, username, email }));
      if (learnt.length > 0) await this.persons.project(this.transactions, learnt);
      return { found: new Set([...known, ...learnt.map(({ id }) => id)]), doubtful: [] };
    } catch (error) {
      if (error instanceof ServiceUnavailable) return { found: known, doubtful: unknown };
      throw error;
    }
  }
}
