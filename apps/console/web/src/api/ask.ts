import { noteServerTime } from '../format/server-clock.ts';
import { keepExchange } from './exchanges.ts';
import { memberRoutes, type Operations, type Problem, type Routes } from './generated/operations.ts';
import { NoAnswer, Refused } from './problems.ts';

export type OperationId = keyof Operations;
export type RequestOf<Id extends OperationId> = Operations[Id]['request'];
export type AnswerOf<Id extends OperationId> = Operations[Id]['answer'];

/** All that an operation may take; `RequestOf` says what one does take. */
interface AnyRequest {
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
  readonly key?: string;
}

const routes: Routes = { ...memberRoutes };

/** Lets pages send further operations: those that members may not call are loaded with the screens of others. */
export function addRoutes(more: Routes): void {
  Object.assign(routes, more);
}

function routeOf(operation: OperationId): readonly [string, string] {
  const route = routes[operation];
  if (!route) throw new Error(`The route of ${operation} is not loaded`);
  return route;
}

const signedOutListeners = new Set<() => void>();

/** Calls the listener whenever an answer says that the session has ended. */
export function onSignedOut(listener: () => void): () => void {
  signedOutListeners.add(listener);
  return () => void signedOutListeners.delete(listener);
}

let readsSession: () => Promise<boolean> = async () => false;
let reading: Promise<boolean> | undefined;

/** Sets how the page finds out whether its person is still signed in. */
export function checkSessionBy(check: () => Promise<boolean>): void {
  readsSession = check;
}

/** Requests that are refused together read the session once. */
function isSignedIn(): Promise<boolean> {
  reading ??= readsSession().finally(() => {
    reading = undefined;
  });
  return reading;
}

/**
 * Sends one operation of the gateway. A request that was answered 401 is sent once more while the person is signed in:
 * another request has brought a newer cookie meanwhile.
 *
 * @throws {Refused} with the problem document, {NoAnswer} when no answer came
 */
export async function ask<Id extends OperationId>(
  operation: Id,
  request: RequestOf<Id>,
  signal?: AbortSignal,
): Promise<AnswerOf<Id>> {
  const first = await send(operation, request, signal);
  const isRepeated = first.response.status === 401 && (await isSignedIn());
  const { response, answer } = isRepeated ? await send(operation, request, signal) : first;
  if (response.ok) return answer as AnswerOf<Id>;
  if (response.status === 401) for (const listener of signedOutListeners) listener();
  const retryAfter = Number(response.headers.get('retry-after') ?? Number.NaN);
  throw new Refused(problemOf(response, answer), Number.isFinite(retryAfter) ? retryAfter : undefined);
}

async function send<Id extends OperationId>(
  operation: Id,
  request: RequestOf<Id>,
  signal: AbortSignal | undefined,
): Promise<{ readonly response: Response; readonly answer: unknown }> {
  const { body, key } = request as AnyRequest;
  const [method] = routeOf(operation);
  const url = urlOf(operation, request);
  // A file is sent as it is, and read by the server alone.
  const isFile = body instanceof Blob;
  const exchange = { method, url, key, body };
  let response: Response;
  let answer: unknown;
  try {
    response = await fetch(url, {
      method,
      signal: signal ?? null,
      headers: {
        accept: 'application/json, application/problem+json, text/csv',
        ...(body === undefined ? {} : { 'content-type': isFile ? 'text/csv' : 'application/json' }),
        ...(key === undefined ? {} : { 'idempotency-key': key }),
      },
      ...(body === undefined ? {} : { body: isFile ? body : JSON.stringify(body) }),
    });
    noteServerTime(response.headers.get('date'));
    answer = await contentOf(response);
  } catch (error) {
    if (signal?.aborted) throw error;
    keepExchange({ ...exchange, status: undefined, answer: undefined });
    throw new NoAnswer(`${method} ${url}`, { cause: error });
  }
  keepExchange({ ...exchange, status: response.status, answer });
  return { response, answer };
}

/** The address of an operation, for a link or an EventSource. */
export function urlOf<Id extends OperationId>(operation: Id, request: Omit<RequestOf<Id>, 'key' | 'body'>): string {
  const { path = {}, query = {} } = request as AnyRequest;
  const filled = routeOf(operation)[1].replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(path[name] ?? ''));
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
  const search = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return search ? `${filled}?${search}` : filled;
}

async function contentOf(response: Response): Promise<unknown> {
  const text = await response.text();
  return response.headers.get('content-type')?.includes('json') ? JSON.parse(text) : text;
}

/** A proxy in between may answer without a problem document. */
function problemOf({ status, statusText }: Response, answer: unknown): Problem {
  const isProblem = typeof answer === 'object' && answer !== null && 'code' in answer;
  if (isProblem) return answer as Problem;
  return {
    type: 'about:blank',
    title: statusText,
    status,
    code: `HTTP_${status}`,
    detail: statusText || String(status),
  };
}
