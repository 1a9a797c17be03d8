/** One request and its answer, as the drawer "As a request" shows them. */
export interface Exchange {
  readonly id: number;
  readonly method: string;
  readonly url: string;
  readonly key: string | undefined;
  readonly body: unknown;
  readonly status: number | undefined;
  readonly answer: unknown;
}

const keptMax = 20;
let kept: readonly Exchange[] = [];
let count = 0;
const listeners = new Set<() => void>();

/** Keeps the newest exchanges of this page. */
export function keepExchange(exchange: Omit<Exchange, 'id'>): void {
  count += 1;
  kept = [{ id: count, ...exchange, answer: withoutSecret(exchange.answer) }, ...kept].slice(0, keptMax);
  for (const listener of listeners) listener();
}

/** A secret is shown once, where it is made. */
function withoutSecret(answer: unknown): unknown {
  const hasSecret = typeof answer === 'object' && answer !== null && 'secret' in answer;
  return hasSecret ? { ...answer, secret: '…' } : answer;
}

export const exchanges = {
  read: () => kept,
  subscribe(listener: () => void) {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  },
};
