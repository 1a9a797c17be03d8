import { isStaleType } from './composite-set.js';
import { isStalePlan } from './driver/preparing-client.js';

/**
 * What a failed statement means for its caller.
 * - `away`: the database cannot be reached, is starting or stopping, or cannot write for now (no room, no memory, a
 *   failing disk, a standby); nothing is wrong with the statement.
 * - `contention`: it lost against another (deadlock, serialization, lock or statement timeout, a table or a type that a
 *   migration changed meanwhile) and may win next time.
 * - `other`: it will fail again.
 */
export type DatabaseFault = 'away' | 'contention' | 'other';

// Classes and codes of PostgreSQL's appendix A: 08 connection, 53 insufficient resources (a full disk, no memory, too
// many clients), 57P01–57P05 shutdown and start-up, 58 an error of the system, 25006 read-only, as a former primary is.
const awayCodes = /^(?:08...|53...|57P0[1-5]|58...|25006)$/;
// 40001 serialization, 40P01 deadlock, 55P03 lock not available, 57014 statement timeout, 25P03/25P04 idle or
// transaction timeout.
const contentionCodes = /^(?:40001|40P01|55P03|57014|25P0[34])$/;
const socketCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);
// The driver has no codes for these: pg-pool and pg have messages only.
const driverWords =
  /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Connection ended|connection timeout|Client was closed|not queryable|Query read timeout/i;

/**
 * Classifies an error by its causes: MikroORM and our own errors wrap the error of `pg`, as `cause` (ECMA-262) or as
 * `previous`; Node gathers attempts at several addresses of a host in an AggregateError. The first known cause decides.
 * Codes are SQLSTATEs of PostgreSQL's appendix A, or Node's of a socket.
 */
export function databaseFault(error: unknown): DatabaseFault {
  for (let cause: unknown = error; Error.isError(cause); cause = cause.cause ?? previous(cause)) {
    const code = (cause as { code?: unknown }).code;
    if (typeof code === 'string') {
      if (awayCodes.test(code) || socketCodes.has(code)) return 'away';
      if (contentionCodes.test(code) || isStalePlan(cause) || isStaleType(cause)) return 'contention';
    }
    if (driverWords.test(cause.message)) return 'away';
    if (cause instanceof AggregateError && cause.errors.some((inner) => databaseFault(inner) === 'away')) return 'away';
  }
  return 'other';
}

/** MikroORM stores the driver's error in `previous`. */
function previous(error: Error): unknown {
  return (error as { previous?: unknown }).previous;
}
