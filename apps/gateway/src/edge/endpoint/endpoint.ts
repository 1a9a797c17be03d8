import { applyDecorators, HttpCode, UseGuards, UseInterceptors } from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum';
import { RouteConfig } from '@nestjs/platform-fastify';
import {
  ApiBearerAuth,
  ApiConsumes,
  ApiExtension,
  ApiHeader,
  ApiOperation,
  ApiResponse,
  ApiSecurity,
} from '@nestjs/swagger';
import type { RequestContract } from '#contracts/contract.js';
import type { EndpointRules } from '../admission/endpoint-rules.js';
import { answerOf, noMoreEvents } from './answers.js';
import type { EndpointOptions } from './endpoint-options.js';
import { HideStaffMembers } from './hide-staff-members.js';
import { problemAnswers, problemCodesOf } from './problem-answers.js';
import { RejectUndeclaredInput } from './reject-undeclared-input.js';

/** Declares an endpoint once: who may call it, what it answers, and its page in the API documents. */
export function Endpoint(options: EndpointOptions): MethodDecorator {
  const { roles, key, acceptsCsv, acceptsTicket, signed, bodyLimitBytes, summary, status = 200 } = options;
  const requests = [options.requests].flat() as RequestContract[];
  const rules = { roles, key, acceptsCsv, acceptsTicket, signed, bodyLimitBytes };
  const hiding = HideStaffMembers.in(options.answer ?? requests[0]?.response);
  return applyDecorators(
    (target, handler, descriptor) => {
      const declares = declaredParameters(target, handler as string);
      const endpoint: EndpointRules = {
        ...rules,
        hasQuery: declares('QUERY'),
        hasBody: acceptsCsv || declares('BODY'),
      };
      RouteConfig({ endpoint })(target, handler, descriptor);
    },
    HttpCode(status),
    ApiBearerAuth(),
    UseGuards(RejectUndeclaredInput),
    ...(hiding ? [UseInterceptors(hiding)] : []),
    ...(signed ? [ApiSecurity('signature')] : []),
    ...(acceptsTicket ? [ApiSecurity('ticket')] : []),
    ApiExtension('x-roles', roles),
    ApiExtension('x-refusals', problemCodesOf({ ...options, requests })),
    ApiOperation({ summary, description: [requests[0]?.about, `Roles: ${roles.join(', ')}.`].join('\n\n') }),
    ...(key ? [ApiHeader(idempotencyKeyHeader({ key, signed }))] : []),
    ...(acceptsCsv ? [ApiConsumes('text/csv')] : []),
    ApiResponse(answerOf({ ...options, requests })),
    ...(options.streams ? [ApiResponse(noMoreEvents)] : []),
    ...problemAnswers({ ...options, requests }).map((answer) => ApiResponse(answer)),
  );
}

/**
 * Whether a handler declares a parameter for the query or the body. Decorators of parameters run before the decorator
 * of their method.
 */
function declaredParameters(target: object, handler: string): (part: 'QUERY' | 'BODY') => boolean {
  const parameters: object = Reflect.getMetadata(ROUTE_ARGS_METADATA, target.constructor, handler) ?? {};
  return (part) => Object.keys(parameters).some((key) => key.startsWith(`${RouteParamtypes[part]}:`));
}

function idempotencyKeyHeader({ key, signed }: Pick<EndpointRules, 'key' | 'signed'>) {
  const description = [
    'Makes a repeat of this request harmless: the same key with the same body gets the first answer. ' +
      '1 to 255 visible ASCII characters, such as a UUID.',
    ...(signed
      ? [`${key === 'required' ? 'Required' : 'Accepted'} with a token; a signed request uses its webhook-id.`]
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
