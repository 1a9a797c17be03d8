import { availableParallelism } from 'node:os';
import { stacksMax, vhostOf } from '../../test/support/stack/stack-places.ts';
import { killAll } from '../processes/managed-process.ts';
import { onStopSignal } from '../processes/stop-signals.ts';
import { removeContainers } from '../servers/docker.ts';
import { plpgsqlCheck } from '../servers/plpgsql-check.ts';
import { type PrivateServer, serverNames } from '../servers/server.ts';
import { arrangeServers } from '../servers/servers.ts';
import { claimPorts, testShift } from '../stack/ports.ts';
import { serverUrls } from '../stack/servers.ts';
import { stopStack } from '../stack/stop-stack.ts';
import { say, step } from '../terminal.ts';
import { type Home, testHome } from '../workspace/home.ts';
import { exclusively, lockHolder } from '../workspace/lock.ts';
import type { Outcome } from './checks.ts';
import { runJest } from './jest.ts';

/** Workers of jest for tests that often wait. Each has a virtual host, and with each the broker starts later. */
export const workers = Math.min(32, Math.max(3, availableParallelism()));
/** Workers of jest for tests that start a whole stack each: no more than a big machine can bear. */
export const stackWorkers = Math.min(4, Math.max(2, availableParallelism()));

const interrupted = 130;

/** Servers for tests, empty, and jest that knows where they are. */
export interface TestBench {
  /** Aborted when the user has had enough. */
  readonly signal: AbortSignal;
  readonly serversRunning: Promise<unknown>;
  jest(args: readonly string[], env?: NodeJS.ProcessEnv): Promise<Outcome>;
}

/**
 * Sets up servers for tests, lets `work` use them, and stops all of it, also after a failure. One run at a time per
 * clone.
 */
export async function onTestBench(work: (bench: TestBench) => Promise<number>): Promise<number> {
  const home = testHome();
  const lock = home.file('test.lock');
  const other = lockHolder(lock);
  if (other) say(`Waiting for the tests that run here already (process ${other.pid}).`);
  return await exclusively(lock, async () => {
    const interruption = new AbortController();
    onStopSignal(
      () => interruption.abort(),
      () => {
        killAll(home.processes);
        process.exit(1);
      },
    );
    const { signal } = interruption;
    const whenInterrupted = new Promise<number>((resolve) => {
      signal.addEventListener('abort', () => resolve(interrupted));
    });
    const servers: PrivateServer[] = [];
    // What can be done without servers is done while they are fetched and started.
    const prepared = prepare(home, servers);
    // A waiting caller gets the error; until then a failure must not end this process as one that nobody handles.
    prepared.catch(() => {});
    const jest = async (args: readonly string[], more: NodeJS.ProcessEnv = {}) =>
      runJest({ args, env: { ...(await prepared), ...more }, reportFile: home.file('jest.json'), signal });
    try {
      return await Promise.race([work({ signal, serversRunning: prepared, jest }), whenInterrupted]);
    } finally {
      await Promise.race([prepared, whenInterrupted]).catch(() => {});
      await stopStack(home, servers);
    }
  });
}

/** Starts the servers, lists them in `servers`, and resolves to the environment in which tests find them. */
async function prepare(home: Home, servers: PrivateServer[]): Promise<NodeJS.ProcessEnv> {
  servers.push(...(await arrangeEmptyServers(home)));
  const started = step('servers running', () => Promise.all(servers.map((server) => server.start())));
  const [PLPGSQL_CHECK] = await Promise.all([plpgsqlCheck(home), started]);
  return { ...process.env, ...serverUrls(home, {}), PLPGSQL_CHECK };
}

async function arrangeEmptyServers(home: Home): Promise<Iterable<PrivateServer>> {
  await stopStack(home);
  home.rotateLogs();
  removeContainers(home);
  home.emptyServers();
  home.remove('stacks.json');
  const ports = await claimPorts(home, testShift);
  const vhosts = ['/', ...range(workers).map((worker) => `test-${worker}`), ...range(stacksMax).map(vhostOf)];
  return (await arrangeServers(home, serverNames, ports, vhosts)).values();
}

function range(length: number): number[] {
  return Array.from({ length }, (_, index) => index + 1);
}
