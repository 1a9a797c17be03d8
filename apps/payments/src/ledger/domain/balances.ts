import { type AccountKey, debtAccount, type Posting, personAccount } from './posting.js';

/** An account as it was read under the ledger's lock. */
export interface AccountBalance extends AccountKey {
  /** Credits less debits, posted, less what is reserved. */
  readonly availableMinor: number;
  /** Counts the entries of the account. */
  readonly version: number;
}

/**
 * The accounts that a decision looks at, carried on by the postings that it makes. An account that is not open
 * stands at zero.
 */
export class Balances {
  private readonly accounts: Map<string, { availableMinor: number; version: number }>;

  constructor(private readonly read: readonly AccountBalance[]) {
    this.accounts = new Map(
      read.map(({ availableMinor, version, ...key }) => [nameOf(key), { availableMinor, version }]),
    );
  }

  /** The same accounts as they were read, with no posting carried. */
  asRead(): Balances {
    return new Balances(this.read);
  }

  /** How much a person can spend. */
  spendableMinor(personId: string, currency: string): number {
    return this.of(personAccount(personId, currency)).availableMinor;
  }

  /** How much a person owes us. */
  owedMinor(personId: string, currency: string): number {
    return -this.of(debtAccount(personId, currency)).availableMinor;
  }

  /** The number of entries of an account. */
  version(key: AccountKey): number {
    return this.of(key).version;
  }

  /** Carries one posting into both accounts. */
  post({ debit, credit, amountMinor }: Posting): void {
    this.carry(debit, -amountMinor);
    this.carry(credit, amountMinor);
  }

  private carry(key: AccountKey, amountMinor: number): void {
    const { availableMinor, version } = this.of(key);
    this.accounts.set(nameOf(key), { availableMinor: availableMinor + amountMinor, version: version + 1 });
  }

  private of(key: AccountKey): { availableMinor: number; version: number } {
    return this.accounts.get(nameOf(key)) ?? { availableMinor: 0, version: 0 };
  }
}

/** Owners come last: they are the only part that may hold a space. */
function nameOf({ kind, owner, currency }: AccountKey): string {
  return `${kind} ${currency} ${owner}`;
}
