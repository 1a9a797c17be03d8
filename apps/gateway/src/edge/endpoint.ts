import { applyDecorators, HttpCode, UseGuards } from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiBearerAuth, ApiConsumes, ApiHeader, ApiOperation, ApiResponse, ApiSecurity } from '@nestjs/swagger';
import type { RequestContract } from '#contracts/contract.js';
import type { Role } from '#identity/verify-token.js';
import { answerOf, nothingMore, problemAnswers } from '../documents/answers.js';
import { NothingElse } from './nothing-else.js';
import { SignedRequests } from './signed-requests.js';

/** What an endpoint demands before its handler runs. Read by the admission hook, without reflection. */
export interface EndpointRules {
  readonly roles: readonly Role[];
  /**
   * Whether an Idempotency-Key may or must come along with a token; undefined where a repeat does no harm anyway. What
   * is signed has its own id for one.
   */
  readonly key?: 'optional' | 'required';
  /** Whether it says which members its query and its body have; where it does not, they have none (see NothingElse). */
  readonly takesQuery?: boolean;
  readonly takesBody?: boolean;
  /** Whether the body is a CSV file, handed on unread: it may be longer than what fits into memory. */
  readonly takesCsv?: boolean;
  /** Outside systems may come as well, without a token, when their signature is on the request (see SignedRequests). */
  readonly signed?: boolean;
  /** How large the body may be, where it may be larger than elsewhere. */
  readonly bodyLimitBytes?: number;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    readonly endpoint?: EndpointRules;
  }
}

export interface EndpointOptions extends Omit<EndpointRules, 'takesQuery' | 'takesBody'> {
  readonly summary: string;
  /** The request that it sends to a service; the first one's response is the answer. */
  readonly sends: RequestContract | readonly [RequestContract, ...RequestContract[]];
  /** 201 for what makes something new, 200 otherwise. */
  readonly status?: 200 | 201;
  /** `{name}` stands for a member of the answer: where the new thing is found (the Location header). */
  readonly location?: string;
  /** Whether the answer names its neighbours among the pages (the Link header). */
  readonly links?: boolean;
  /** A question that is posted: its body may be refused as a command's may. */
  readonly posted?: boolean;
  /** Server-sent events in place of JSON. */
  readonly streams?: boolean;
  /** A CSV file in place of JSON, sent while it is made. */
  readonly csv?: boolean;
  /** Refusals of the endpoint itself, beyond those of what it asks. */
  readonly refusals?: readonly string[];
}

/** One declaration of an endpoint: who may call it, what it answers, and its page in the API documents. */
export function Endpoint(options: EndpointOptions): MethodDecorator {
  const { roles, key, takesCsv, signed, bodyLimitBytes, summary, status = 200 } = options;
  const asks = [options.sends].flat() as RequestContract[];
  const rules = { roles, key, takesCsv, signed, bodyLimitBytes };
  return applyDecorators(
    (target, handler, descriptor) => {
      const takes = takenBy(target, handler as string);
      const endpoint: EndpointRules = { ...rules, takesQuery: takes('QUERY'), takesBody: takesCsv || takes('BODY') };
      RouteConfig({ endpoint })(target, handler, descriptor);
    },
    HttpCode(status),
    ApiBearerAuth(),
    UseGuards(...(signed ? [SignedRequests, NothingElse] : [NothingElse])),
    ...(signed ? [ApiSecurity('signature')] : []),
    ApiOperation({ summary, description: [asks[0]?.about, `Roles: ${roles.join(', ')}.`].join('\n\n') }),
    ...(key ? [ApiHeader(idempotencyKeyHeader({ key, signed }))] : []),
    ...(takesCsv ? [ApiConsumes('text/csv')] : []),
    ApiResponse(answerOf({ ...options, asks })),
    ...(options.streams ? [ApiResponse(nothingMore)] : []),
    ...problemAnswers({ ...options, asks }).map((answer) => ApiResponse(answer)),
  );
}

/** What the parameters of a handler take from a request: their decorators have run when that of the method does. */
function takenBy(target: object, handler: string): (part: 'QUERY' | 'BODY') => boolean {
  const parameters: object = Reflect.getMetadata(ROUTE_ARGS_METADATA, target.constructor, handler) ?? {};
  return (part) => Object.keys(parameters).some((key) => key.startsWith(`${RouteParamtypes[part]}:`));
}

function idempotencyKeyHeader({ key, signed }: Pick<EndpointRules, 'key' | 'signed'>) {
  const description = [
    'Makes a repeat of this request harmless: the same key with the same body gets the first answer, whatever ' +
      'became of it. 1 to 255 visible ASCII characters, such as a UUID.',
    ...(signed
      ? [`${key === 'required' ? 'Required' : 'Heard'} with a token; a signed request has its webhook-id for one.`]
      : []),
  ];
  return {
    name: 'Idempotency-Key',
    required: key === 'required' && !signed,
    description: description.join(' '),
    schema: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[\\x21-\\x7e]+$' },
    example: '6d0f3f1a-7a55-4b6e-9d6b-0d6f5c3f7b11',
  };
}
