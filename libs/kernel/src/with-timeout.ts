/** The work did not end in time. It may still run. */
export class TimedOut extends Error {
  override readonly name = 'TimedOut';
}

/**
 * The result of `work`, or `TimedOut` after `ms` milliseconds. The work is not cancelled; its later result or error is
 * ignored. For a server that fell silent: its connection stays open until the heartbeats fail, which takes too long.
 * @throws TimedOut
 */
export async function withTimeout<Result>(ms: number, work: Promise<Result>): Promise<Result> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new TimedOut(`no result within ${Math.round(ms)} ms`)), ms);
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Whether `work` ends within `ms` milliseconds. It is not cancelled when it does not.
 * @throws the error of work that fails in time
 */
export async function endsWithin(ms: number, work: Promise<unknown>): Promise<boolean> {
  try {
    await withTimeout(ms, work);
    return true;
  } catch (error) {
    if (error instanceof TimedOut) return false;
    throw error;
  }
}
