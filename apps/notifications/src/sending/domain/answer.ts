import type { AttemptError } from '../../deliveries/domain/delivery.js';

/** What a server answered, or why there is no answer. */
export type Answer = {
  readonly durationMs: number;
} & (
  | { readonly status: number; readonly answer: string; readonly retryAfter: string | undefined }
  | { readonly error: AttemptError; readonly detail: string }
);

/** The address of an endpoint is not public, and no setting allows it. */
export class NotAllowed extends Error {
  override readonly name = 'NotAllowed';
}

/** The name of an endpoint has no address. */
export class NotResolved extends Error {
  override readonly name = 'NotResolved';
}

const detailMax = 300;

/** Why a request has no answer. Of several addresses the reason of the first one. */
export function connectionErrorOf(error: unknown): { error: AttemptError; detail: string } {
  const first = error instanceof AggregateError ? (error.errors[0] ?? error) : error;
  const { name = '', code = '', message = '' } = first as { name?: string; code?: string; message?: string };
  const detail = printable(message || code || name).slice(0, detailMax);
  return { error: kindOf(name, code), detail };
}

/** Text from outside as the database can store it. */
export function printable(text: string): string {
  return text.replaceAll('\0', '\u{fffd}').toWellFormed();
}

function kindOf(name: string, code: string): AttemptError {
  if (name === 'NotAllowed') return 'address-not-allowed';
  if (name === 'NotResolved') return 'name-not-resolved';
  if (name === 'TimeoutError' || /TIMEOUT|ETIMEDOUT/.test(code)) return 'timeout';
  if (/CERT|SSL|TLS|SELF_SIGNED|UNABLE_TO_VERIFY|ISSUER|EPROTO/.test(code)) return 'tls';
  return 'connection';
}
