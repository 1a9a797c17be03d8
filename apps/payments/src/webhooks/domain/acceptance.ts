/** Where a notification comes from, as far as its provider says so. */
export interface Origin {
  /** No real money moved. */
  readonly isTest: boolean;
  /** The account at the provider whose money it is; null where it is our own. */
  readonly account: string | null;
}

/** Which notifications are taken. What is not taken is kept, and credits nobody. */
export interface Acceptance {
  readonly testMode: boolean;
  /** The accounts, beside our own, whose money is ours. */
  readonly accounts: ReadonlySet<string>;
  /** Whether payments are taken that name neither an order nor a person by an id. */
  readonly unnamedPayments: boolean;
}

/** Takes all: for requests that were taken before, under the settings of that time. */
export const everything: Acceptance = {
  testMode: true,
  accounts: { has: () => true } as Partial<ReadonlySet<string>> as ReadonlySet<string>,
  unnamedPayments: true,
};

/**
 * Why money of this origin is not taken. Endpoints of a platform get the test events of its accounts too, so these are
 * stored; real money of an account that no setting names is for an operator.
 */
export function foreignness(
  origin: Origin | undefined,
  { testMode, accounts }: Acceptance,
): { verdict: 'stored' | 'quarantined'; reason: 'TEST_MODE' | 'ACCOUNT_NOT_ACCEPTED' } | undefined {
  if (!origin) return undefined;
  if (origin.isTest && !testMode) return { verdict: 'stored', reason: 'TEST_MODE' };
  if (origin.account === null || accounts.has(origin.account)) return undefined;
  return { verdict: 'quarantined', reason: 'ACCOUNT_NOT_ACCEPTED' };
}
