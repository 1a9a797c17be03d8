import type { ApiResponseOptions } from '@nestjs/swagger';
import type { DocumentedEndpoint } from './answers.js';
import { type ProblemCode, problemKinds } from './problem-kinds.js';
import { problemSchemaOf } from './problem-schemas.js';

/** Every problem that an endpoint may answer with: one response per status, one example per code. */
export function problemAnswers(endpoint: DocumentedEndpoint): ApiResponseOptions[] {
  const codesByStatus = new Map<number, string[]>();
  for (const code of problemCodesOf(endpoint)) {
    const status = problemKinds[code]?.status ?? 422;
    codesByStatus.set(status, [...(codesByStatus.get(status) ?? []), code]);
  }
  return [...codesByStatus]
    .sort(([left], [right]) => left - right)
    .map(([status, codes]) => problemAnswer(status, codes));
}

/** The code of every problem that an endpoint may answer with, in the order of the alphabet. */
export function problemCodesOf({ requests, posted, key, refusals = [] }: DocumentedEndpoint): string[] {
  const always: ProblemCode[] = [
    'INVALID_INPUT',
    'MALFORMED_REQUEST',
    'UNAUTHENTICATED',
    'FORBIDDEN',
    'RATE_LIMITED',
    'SERVICE_UNAVAILABLE',
  ];
  const writing: ProblemCode[] = ['BODY_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE'];
  const keyed: ProblemCode[] = ['IDEMPOTENCY_KEY_INVALID', 'IDEMPOTENCY_KEY_IN_USE', 'IDEMPOTENCY_KEY_REUSED'];
  const codes = new Set([
    ...always,
    ...(posted || requests.some(({ kind }) => kind === 'command') ? writing : []),
    ...(key ? keyed : []),
    ...(key === 'required' ? ['IDEMPOTENCY_KEY_REQUIRED'] : []),
    ...requests.flatMap((request) => request.refusals ?? []),
    ...refusals,
  ]);
  return [...codes].sort();
}

function problemAnswer(status: number, codes: readonly string[]): ApiResponseOptions {
  return {
    status,
    description: codes.map((code) => `\`${code}\`: ${problemKinds[code]?.meaning}`).join('\n\n'),
    headers: headersOf(status, codes),
    content: { 'application/problem+json': { schema: problemSchemaOf(codes) } },
  };
}

function headersOf(status: number, codes: readonly string[]): ApiResponseOptions['headers'] {
  if (status === 401) return { 'WWW-Authenticate': { description: 'RFC 6750 §3.', schema: { type: 'string' } } };
  if (status === 429 || status === 503 || codes.includes('IDEMPOTENCY_KEY_IN_USE')) {
    return { 'Retry-After': { description: 'Seconds until a repeat may succeed.', schema: { type: 'integer' } } };
  }
  return undefined;
}
