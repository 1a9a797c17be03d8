import { STATUS_CODES } from 'node:http';
import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Refusal } from '#kernel/refusal.js';
import { currentTrace, traceIdOf } from '#observability/trace.js';

/**
 * The place of a member in the input: a dotted path, `parameters.price`, or a list of names where a name may contain a
 * dot. The answer has it as a JSON Pointer (RFC 6901), `/parameters/price`.
 */
type FieldPath = string | readonly string[];

/** What is wrong with one member of the input. */
export interface FieldError<Field extends FieldPath = FieldPath> {
  readonly field: Field;
  readonly code: string;
  readonly message: string;
}

/**
 * Problem details (RFC 9457) with a stable `code`, and the trace id that the logs and messages of this request carry.
 */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly field?: string;
  readonly errors?: readonly FieldError<string>[];
  readonly details?: Readonly<Record<string, unknown>>;
  readonly trace_id?: string;
}

/** How a service maps its errors to HTTP. */
export interface ProblemTable {
  /** Status of each refusal code; a code that is not listed is a 422. */
  readonly statuses: Readonly<Record<string, number>>;
  /** Whether `error` means that a server or service is unavailable: 503 with Retry-After. */
  readonly isUnavailable?: (error: unknown) => boolean;
}

/** The input does not match its schema: 400 INVALID_INPUT. */
export class InvalidInput extends Error {
  override readonly name = 'InvalidInput';

  constructor(readonly errors: readonly FieldError[]) {
    super(errors.map(({ field, message }) => [...dottedPathOf(field), message].join(': ')).join('; '));
  }
}

/** The `Retry-After` of a 503. */
export const retryAfterSeconds = 2;

/** The media type of a problem document, RFC 9457 §3. */
export const problemType = 'application/problem+json';

const codes: Readonly<Record<number, string>> = {
  400: 'MALFORMED_REQUEST',
  401: 'UNAUTHENTICATED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  405: 'METHOD_NOT_ALLOWED',
  406: 'NOT_ACCEPTABLE',
  408: 'REQUEST_TIMEOUT',
  409: 'CONFLICT',
  413: 'BODY_TOO_LARGE',
  414: 'URI_TOO_LONG',
  415: 'UNSUPPORTED_MEDIA_TYPE',
  422: 'UNPROCESSABLE',
  429: 'RATE_LIMITED',
  431: 'HEADERS_TOO_LARGE',
  503: 'SERVICE_UNAVAILABLE',
};

/**
 * The problem document for `error`: a Refusal by the status of its code (422 by default), an InvalidInput as 400, an
 * unavailable server as 503, everything else as 500 without details.
 */
export function problemOf(error: unknown, { statuses, isUnavailable }: ProblemTable): Problem {
  if (error instanceof Refusal) {
    const { field, errors, ...details } = error.details as { field?: FieldPath; errors?: FieldError[] };
    return problem(statuses[error.code] ?? 422, error.message, {
      code: error.code,
      ...(field !== undefined && { field: pointerTo(field) }),
      ...(errors !== undefined && { errors: errors.map(withPointer) }),
      ...(Object.keys(details).length > 0 && { details: snakeCase(details) as Record<string, unknown> }),
    });
  }
  if (error instanceof InvalidInput) {
    const errors = error.errors.map(withPointer);
    return problem(400, error.message, {
      code: 'INVALID_INPUT',
      ...(errors[0] && { field: errors[0].field }),
      errors,
    });
  }
  if (isUnavailable?.(error))
    return problem(503, 'A server or service that this request needs is unavailable. Try again.');
  const status = statusOf(error);
  if (status < 500) return problem(status, (error as Error).message);
  if (status === 503) return problem(503, 'The service cannot do this at the moment. Try again.');
  return problem(500, 'Something went wrong on our side.', { code: 'INTERNAL_ERROR' });
}

function problem(status: number, detail: string, more: Partial<Problem> = {}): Problem {
  const code = more.code ?? codes[status] ?? `HTTP_${status}`;
  const trace = currentTrace();
  return {
    type: `urn:matricula:problem:${code.toLowerCase().replaceAll('_', '-')}`,
    title: STATUS_CODES[status] ?? 'Error',
    status,
    code,
    detail,
    ...more,
    ...(trace && { trace_id: traceIdOf(trace) }),
  };
}

function withPointer(error: FieldError): FieldError<string> {
  return { ...error, field: pointerTo(error.field) };
}

/** RFC 6901; the whole document is the empty pointer. */
export function pointerTo(path: FieldPath): string {
  return stepsOf(path)
    .map((step) => `/${step.replaceAll('~', '~0').replaceAll('/', '~1')}`)
    .join('');
}

function stepsOf(path: FieldPath): readonly string[] {
  if (typeof path !== 'string') return path;
  return path === '' ? [] : path.split('.');
}

/** The dotted path as a list of one; an empty list for the whole document. */
function dottedPathOf(path: FieldPath): string[] {
  const steps = stepsOf(path);
  return steps.length === 0 ? [] : [steps.join('.')];
}

/** Nest's exceptions have their status in a method, Fastify's errors in a member. */
function statusOf(error: unknown): number {
  if (error instanceof HttpException) return error.getStatus();
  const status = (error as { statusCode?: unknown } | null)?.statusCode;
  return typeof status === 'number' && status >= 400 && status <= 599 ? status : 500;
}

/** Code is camelCase, the wire is snake_case. */
function snakeCase(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(snakeCase);
  if (value === null || typeof value !== 'object' || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      snakeCase(member),
    ]),
  );
}

/**
 * Answers every error of an HTTP request with a problem document. Errors of 500 and above are logged with their cause.
 */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger(ProblemFilter.name);

  constructor(private readonly table: ProblemTable) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    this.answer(error, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
  }

  /** Answers the error of a route that is no controller's. */
  answer(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const answer = problemOf(error, this.table);
    const where = { method: request.method, route: request.routeOptions?.url };
    if (answer.status === 503) this.logger.warn({ ...where, err: error }, 'unavailable');
    else if (answer.status >= 500) this.logger.error({ ...where, err: error }, 'request failed');
    // A stream that has started cannot become a problem document any more.
    if (reply.sent || reply.raw.headersSent) {
      reply.raw.destroy();
      return;
    }
    if (answer.status === 503) reply.header('retry-after', retryAfterSeconds);
    reply.status(answer.status).type(problemType).send(answer);
  }
}
