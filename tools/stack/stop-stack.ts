import { stopAll } from '../processes/managed-process.ts';
import { type PrivateServer, serverNames } from '../servers/server.ts';
import type { Home } from '../workspace/home.ts';

const serverProcesses: readonly string[] = [...serverNames, 'epmd'];

/**
 * Stops all that runs for a home, and answers what that was: the services first, so that they can finish what they
 * are at, then the servers, of which containers are known only to the process that started them.
 */
export async function stopStack(home: Home, servers: Iterable<PrivateServer> = []): Promise<string[]> {
  const services = await stopAll(home.processes, (name) => !serverProcesses.includes(name));
  await Promise.all([...servers].map((server) => server.stop()));
  return [...services, ...(await stopAll(home.processes))];
}
