import type { ServerUrls } from '../apps/accounts.ts';
import { type ServerName, serverNames, urlVariable } from '../servers/server.ts';
import { arrangedServers } from '../servers/servers.ts';
import type { Home } from '../workspace/home.ts';

/** The servers that the user does not bring, so that we have to. */
export function ownServers(given: NodeJS.ProcessEnv): ServerName[] {
  return serverNames.filter((name) => given[urlVariable[name]] === undefined);
}

/** The addresses of all servers: the user's own, and the private ones of a home where they have been arranged. */
export function serverUrls(home: Home, given: NodeJS.ProcessEnv): ServerUrls {
  const own = ownServers(given);
  const servers = own.length > 0 ? arrangedServers(home, own) : new Map();
  const urls = serverNames.map((name) => [urlVariable[name], servers.get(name)?.url ?? given[urlVariable[name]]]);
  return Object.fromEntries(urls) as ServerUrls;
}
