import { Client, type ClientConfig } from 'pg';

/** Distinct statements that a connection keeps prepared; further ones are planned at each execution. */
const statementsMax = 500;

/** The names of statements, the same on every connection. */
const names = new Map<string, string>();
/** Rises when the tables change under prepared statements: under new names they are prepared anew. */
let generation = 0;

/**
 * A driver's client that prepares each statement with parameters once per connection: the server parses and plans it
 * the first times only. Statements are few and fixed in these services, so that soon each of them is prepared.
 *
 * A migration that changes the result type of a prepared statement makes it fail once ("cached plan must not change
 * result type"). `databaseFault` calls that contention, the caller retries, and the statement is prepared again.
 */
export class PreparingClient extends Client {
  constructor(config?: string | ClientConfig) {
    super(config);
    const query = super.query.bind(this) as (...args: unknown[]) => unknown;
    const prepare = (first: unknown, values: unknown, ...rest: unknown[]) => {
      const name = typeof first === 'string' && Array.isArray(values) && values.length > 0 ? nameOf(first) : undefined;
      if (!name) return query(first, values, ...rest);
      const answer = query({ name, text: first, values }, ...rest);
      if (answer instanceof Promise) answer.catch(forgetStalePlans);
      return answer;
    };
    this.query = prepare as typeof this.query;
  }
}

function nameOf(text: string): string | undefined {
  const known = names.get(text);
  if (known) return `${known}-${generation}`;
  if (names.size >= statementsMax) return undefined;
  const name = `s${names.size}`;
  names.set(text, name);
  return `${name}-${generation}`;
}

function forgetStalePlans(error: unknown): void {
  if (isStalePlan(error)) generation += 1;
}

/** 0A000 is "feature not supported", which has other causes as well. */
export function isStalePlan(error: unknown): boolean {
  const { code, message } = error as { code?: unknown; message?: unknown };
  return code === '0A000' && typeof message === 'string' && message.includes('cached plan');
}
