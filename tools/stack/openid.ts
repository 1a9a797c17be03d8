import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { OpenidSettings } from '../openid/provider.ts';
import { ManagedProcess } from '../processes/managed-process.ts';
import type { Home } from '../workspace/home.ts';
import { root } from '../workspace/root.ts';
import { DevelopmentIssuer } from './issuer.ts';

const clientId = 'console';
const tokenSeconds = 600;

/** Where the local OpenID provider is. It is the issuer of all tokens of its home. */
export function openidUrlOf({ openid }: { readonly openid: number }): string {
  return `http://127.0.0.1:${openid}`;
}

/** The issuer of the tokens of the system with these ports. */
export function issuerAt(home: Home, ports: { readonly openid: number }): DevelopmentIssuer {
  return new DevelopmentIssuer(home, openidUrlOf(ports));
}

/** What the console is to the provider, and what it seals its cookies with. Made once per home. */
export function consoleSettings(home: Home) {
  const { clientSecret, sessionKey } = home.keep('console-secrets.json', () => ({
    clientSecret: randomBytes(24).toString('base64url'),
    sessionKey: randomBytes(32).toString('base64'),
  }));
  return { OIDC_CLIENT_ID: clientId, OIDC_CLIENT_SECRET: clientSecret, SESSION_KEY: sessionKey };
}

/** The local OpenID provider as a process. It knows each instance of the console by its address. */
export function openidProcess(
  home: Home,
  ports: { readonly openid: number },
  consoleUrls: readonly string[],
  name = 'openid',
) {
  const url = openidUrlOf(ports);
  const settings: OpenidSettings = {
    ...issuerAt(home, ports).signing,
    client: {
      id: clientId,
      secret: consoleSettings(home).OIDC_CLIENT_SECRET,
      redirectUris: consoleUrls.map((url) => `${url}/auth/callback`),
      postLogoutRedirectUris: consoleUrls.map((url) => `${url}/`),
    },
    tokenSeconds,
  };
  const plan = {
    name,
    command: process.execPath,
    args: [join(root, 'tools', 'openid', 'main.ts'), home.file(`${name}.json`)],
    env: { PATH: process.env.PATH },
    cwd: root,
    log: home.log(name),
    prepare: () => home.write(`${name}.json`, settings),
    isReady: () => answers(`${url}/.well-known/openid-configuration`),
  };
  return new ManagedProcess(plan, home.processes);
}

async function answers(url: string): Promise<boolean> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(5_000) });
    await answer.body?.cancel();
    return answer.ok;
  } catch {
    return false;
  }
}
