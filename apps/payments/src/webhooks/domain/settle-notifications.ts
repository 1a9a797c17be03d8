/** A request of this set, as it was kept. */
export interface KeptRequest {
  readonly id: string;
  readonly provider: string;
  /** Null when nobody could read the request. */
  readonly eventId: string | null;
  /** SHA-256 of the body, in hexadecimal digits. */
  readonly bodyHash: string;
  /** The earlier request of this event id, which is supported now and was not then. */
  readonly supersedes: string | null;
}

/** A quarantined request that could not be read, and has no event id. */
export interface UnreadRequest {
  readonly id: string;
  readonly provider: string;
  readonly bodyHash: string;
}

/** A request that is open no longer: the verdict of its repeat is what became of it. */
export interface Settlement {
  readonly requestId: string;
  readonly settledBy: string;
}

/**
 * Settles earlier requests by the first of their repeats that is supported. A request that could not be read is
 * repeated by one with the same bytes that could.
 *
 * @param kept in the order of their ids
 * @param unread those that are open and have the bytes of one of the kept requests
 */
export function settleNotifications(kept: readonly KeptRequest[], unread: readonly UnreadRequest[]): Settlement[] {
  const settled = new Map<string, string>();
  const settle = (requestId: string, repeatId: string) => {
    if (!settled.has(requestId)) settled.set(requestId, repeatId);
  };
  const byBytes = Map.groupBy(unread, ({ provider, bodyHash }) => `${provider} ${bodyHash}`);
  for (const { id, provider, eventId, bodyHash, supersedes } of kept) {
    if (supersedes !== null) settle(supersedes, id);
    if (eventId === null) continue;
    for (const one of byBytes.get(`${provider} ${bodyHash}`) ?? []) settle(one.id, id);
  }
  return [...settled].map(([requestId, settledBy]) => ({ requestId, settledBy }));
}
