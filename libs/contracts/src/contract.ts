import type { z } from 'zod';

/**
 * The services that exist. A queue, a database and a folder under `apps/` bear each name (the gateway has no database).
 */
export type Service = 'gateway' | 'subscriptions' | 'payments' | 'promotions' | 'notifications' | 'ops';

/**
 * An event that one service publishes and others consume. `type` carries the version; within a version only optional
 * members may be added. The `subject` of its envelope is the id of the entity that it is about.
 */
export interface EventContract<Data extends z.ZodType = z.ZodType> {
  readonly kind: 'event';
  readonly type: string;
  readonly producer: Service;
  readonly consumers: readonly Service[];
  readonly about: string;
  readonly data: Data;
}

/**
 * A request to one service, with a response. A `command` changes something and carries a command id, so that a repeat
 * gets the first response; a `query` changes nothing.
 */
export interface RequestContract<Request extends z.ZodType = z.ZodType, Response extends z.ZodType = z.ZodType> {
  readonly kind: 'command' | 'query';
  readonly type: string;
  readonly service: Service;
  /** Who may send it; the gateway alone, when left out. */
  readonly callers?: readonly Service[];
  readonly about: string;
  /**
   * Of a command: the member of the request, else of the response, that has the id of what it changes. A path through
   * members and lists, such as `conversions.conversion_id`. The list of admins' actions is searched by it.
   */
  readonly subject?: string;
  /** The refusal codes that may replace the response, in addition to those of any request. */
  readonly refusals?: readonly string[];
  readonly request: Request;
  readonly response: Response;
}

/** The parsed data of an event. */
export type DataOf<Event> = Event extends EventContract<infer Data> ? z.output<Data> : never;
/** The parsed request of a contract. */
export type RequestOf<Contract> = Contract extends RequestContract<infer Request> ? z.output<Request> : never;
/** The parsed response of a contract. */
export type ResponseOf<Contract> =
  Contract extends RequestContract<z.ZodType, infer Response> ? z.output<Response> : never;

/** Declares an event. */
export function event<Data extends z.ZodType>(contract: Omit<EventContract<Data>, 'kind'>): EventContract<Data> {
  return { kind: 'event', ...contract };
}

/** Declares a request that changes something. A repeat with the same command id gets the first response. */
export function command<Request extends z.ZodType, Response extends z.ZodType>(
  contract: Omit<RequestContract<Request, Response>, 'kind'>,
): RequestContract<Request, Response> {
  return { kind: 'command', ...contract };
}

/** Declares a request that changes nothing. */
export function query<Request extends z.ZodType, Response extends z.ZodType>(
  contract: Omit<RequestContract<Request, Response>, 'kind'>,
): RequestContract<Request, Response> {
  return { kind: 'query', ...contract };
}
