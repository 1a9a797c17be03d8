import type { z } from 'zod';

/**
 * The services that exist. A queue, a database and a folder under `apps/` bear each name (the gateway has no database).
 */
export type Service = 'gateway' | 'subscriptions' | 'payments' | 'promotions' | 'ops';

/**
 * Something that happened, told to whoever listens. `type` carries the version; within a version only optional members
 * may be added. `subject` of its envelope is the id of what it is about.
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
 * A question or an order to one service, answered. A `command` changes something and carries a command id, so that
 * a repeat gets the first answer; a `query` changes nothing.
 */
export interface RequestContract<Request extends z.ZodType = z.ZodType, Response extends z.ZodType = z.ZodType> {
  readonly kind: 'command' | 'query';
  readonly type: string;
  readonly service: Service;
  readonly about: string;
  /** The codes of every refusal that may come instead of the response, beyond those of any request. */
  readonly refusals?: readonly string[];
  readonly request: Request;
  readonly response: Response;
}

export type DataOf<Event> = Event extends EventContract<infer Data> ? z.output<Data> : never;
export type RequestOf<Contract> = Contract extends RequestContract<infer Request> ? z.output<Request> : never;
export type ResponseOf<Contract> =
  Contract extends RequestContract<z.ZodType, infer Response> ? z.output<Response> : never;

/** Declares a event: something that happened, told to whoever listens. */
export function event<Data extends z.ZodType>(contract: Omit<EventContract<Data>, 'kind'>): EventContract<Data> {
  return { kind: 'event', ...contract };
}

/** Declares a request that changes something. A repeat with the same command id gets the first answer. */
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
