import { Injectable } from '@nestjs/common';
import { findPersons } from '#contracts/subscriptions/persons.js';
import { RpcClient } from '#messaging/requests/rpc-client.js';
import { Transactions, type Tx } from '#persistence/transaction.js';
import type { Assignment, Payees } from '../domain/refuse-assignments.js';
import { PaymentsStore } from '../payments.store.js';

/** Well below the time that the admin waits. */
const timeoutMs = 3_000;

/** Who can get a payment, and which of their orders. */
@Injectable()
export class FindPayees {
  constructor(
    private readonly transactions: Transactions,
    private readonly payments: PaymentsStore,
    private readonly rpc: RpcClient,
  ) {}

  /**
   * Which of these persons are not projected here and exist all the same: they may have been registered a moment ago.
   * Called before the ledger is locked, which waits for no other service.
   * @throws ServiceUnavailable when somebody is unknown here, and subscriptions is away; nothing is decided then.
   */
  async newcomers(personIds: readonly string[]): Promise<ReadonlySet<string>> {
    const named = [...new Set(personIds)];
    const known = await this.payments.knownPersons(this.transactions, named);
    const unknown = named.filter((personId) => !known.has(personId));
    if (unknown.length === 0) return new Set();
    const { persons } = await this.rpc.request(findPersons, { person_ids: unknown }, { timeoutMs });
    return new Set(persons.map(({ person_id: personId }) => personId));
  }

  /** What is known of the persons and orders that these assignments name. */
  async of(
    tx: Tx,
    assignments: readonly Pick<Assignment, 'personId' | 'assignedOrderId'>[],
    newcomers: ReadonlySet<string>,
  ): Promise<Payees> {
    const persons = assignments.map(({ personId }) => personId);
    const orders = assignments.flatMap(({ assignedOrderId }) => assignedOrderId ?? []);
    return {
      persons: new Set([...newcomers, ...(await this.payments.knownPersons(tx, persons))]),
      orders: await this.payments.orders(tx, orders),
    };
  }
}
