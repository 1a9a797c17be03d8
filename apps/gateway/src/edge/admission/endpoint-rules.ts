import type { Role } from '#identity/claims.js';

/** What an endpoint requires before its handler runs. The admission hook reads it from the route's config. */
export interface EndpointRules {
  readonly roles: readonly Role[];
  /**
   * Whether a request with a token may or must carry an Idempotency-Key; undefined where a repeat is harmless anyway. A
   * signed request uses its own id instead.
   */
  readonly key?: 'optional' | 'required';
  /** Whether the handler declares a query. A query is refused where it does not (RejectUndeclaredInput). */
  readonly hasQuery?: boolean;
  /** Whether the handler declares a body. A body is refused where it does not (RejectUndeclaredInput). */
  readonly hasBody?: boolean;
  /** Whether the body is a CSV file, passed to the handler as a stream: it may be larger than memory. */
  readonly acceptsCsv?: boolean;
  /** Whether outside systems may call the endpoint with a signature in place of a token (SignedRequests). */
  readonly signed?: boolean;
  /** Whether a ticket for the order of the route may stand in for a token (StreamTickets). */
  readonly acceptsTicket?: boolean;
  /** The largest body, where it is larger than the default of the server. */
  readonly bodyLimitBytes?: number;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    readonly endpoint?: EndpointRules;
  }
}
