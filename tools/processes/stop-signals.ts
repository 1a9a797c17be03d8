/** Ctrl-C arrives several times over (the terminal, npm and the bootstrap each pass it on): within this it is one. */
const echoMs = 2_000;

/**
 * Calls `stop` on the first of SIGINT, SIGTERM and SIGHUP, and `hurry` when one comes again later,
 * from somebody who has run out of patience.
 */
export function onStopSignal(stop: (signal: NodeJS.Signals) => void, hurry: () => void): void {
  let first: number | undefined;
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      if (first === undefined) {
        first = performance.now();
        stop(name);
      } else if (performance.now() - first > echoMs) {
        hurry();
      }
    });
  }
}
