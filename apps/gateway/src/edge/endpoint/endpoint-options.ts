import type { z } from 'zod';
import type { RequestContract } from '#contracts/contract.js';
import type { EndpointRules } from '../admission/endpoint-rules.js';

/** The declaration of an endpoint. */
export interface EndpointOptions extends Omit<EndpointRules, 'hasQuery' | 'hasBody'> {
  readonly summary: string;
  /** The requests that the handler sends to services. The response of the first one is the answer by default. */
  readonly requests: RequestContract | readonly [RequestContract, ...RequestContract[]];
  /** The answer of an endpoint that does not pass on that of a service. */
  readonly answer?: z.ZodType;
  /** 201 where the endpoint creates something, 200 otherwise. */
  readonly status?: 200 | 201;
  /** The Location header of the answer; `{name}` stands for a member of the answer. */
  readonly location?: string;
  /** Whether the answer has a Link header to the pages around it. */
  readonly links?: boolean;
  /** Whether a query is sent by POST: its body may be refused as a command's may. */
  readonly posted?: boolean;
  /** Whether the answer is a stream of server-sent events in place of JSON. */
  readonly streams?: boolean;
  /** Whether the answer is a CSV file in place of JSON, streamed. */
  readonly csv?: boolean;
  /** Refusals of the endpoint itself, in addition to those of its requests. */
  readonly refusals?: readonly string[];
}
