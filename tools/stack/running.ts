import type { ProcessIdentity } from '../processes/identity.ts';
import { CliError } from '../terminal.ts';
import { type Home, startHome } from '../workspace/home.ts';
import { lockHolder, takeLock } from '../workspace/lock.ts';
import type { DevelopmentIssuer, Role } from './issuer.ts';
import type { StackPort } from './ports.ts';
import { conversionsSecret, type Provider, providerSecrets } from './provider-secrets.ts';

/** What a script needs to use the running system, as it stands in `.matricula/run.json`. */
export interface Run {
  readonly urls: {
    readonly console: string;
    readonly gateway: string;
    readonly webhooks: string;
    readonly ops: string;
    readonly docs: string;
    /** The local OpenID provider, where people sign in to the console. */
    readonly openid: string;
    /** The provider emulator, where people pay; there is none with a key of Stripe in the settings. */
    readonly provider_emulator?: string;
  };
  readonly tokens: Readonly<Record<Role, string>>;
  readonly providers: Readonly<Record<Provider, { readonly secret: string }>>;
  /** What an outside system signs with that posts conversions to the gateway. */
  readonly conversions: { readonly secret: string };
}

const runFile = 'run.json';
const launcherLock = 'launcher.lock';

export async function describeRun(
  home: Home,
  issuer: DevelopmentIssuer,
  urls: Run['urls'],
  personId: string,
): Promise<Run> {
  const { standard, stripe } = providerSecrets(home);
  return {
    urls,
    tokens: {
      admin: await issuer.token('admin', 'development-admin'),
      publisher: await issuer.token('publisher', 'development-publisher'),
      member: await issuer.token('member', personId),
      ops: await issuer.token('ops', 'development-ops'),
    },
    providers: { standard: { secret: standard }, stripe: { secret: stripe } },
    conversions: { secret: conversionsSecret(home) },
  };
}

export function announceRun(home: Home, run: Run): void {
  home.write(runFile, run);
}

/** The launcher that holds this home, if one is alive. */
export function runningLauncher(home: Home): ProcessIdentity | undefined {
  return lockHolder(home.file(launcherLock));
}

/** Makes this process the home's launcher, unless it has one. */
export function claimHome(home: Home): boolean {
  if (!takeLock(home.file(launcherLock))) return false;
  home.remove(runFile);
  return true;
}

export function leaveHome(home: Home): void {
  home.remove(runFile);
  home.remove(launcherLock);
}

/** The system that `npm start` keeps up. */
export function theRun(): { home: Home; run: Run; ports: Record<StackPort, number> } {
  const home = startHome();
  const run = runningLauncher(home) ? home.read<Run>(runFile) : undefined;
  if (!run) throw new CliError('Nothing is running here. Start it with: npm start');
  return { home, run, ports: home.read('ports.json') as Record<StackPort, number> };
}

export function runOf(home: Home): Run | undefined {
  return home.read<Run>(runFile);
}
