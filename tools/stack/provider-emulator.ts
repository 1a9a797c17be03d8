import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { ManagedProcess } from '../processes/managed-process.ts';
import type { EmulatorSettings } from '../provider-emulator/emulator.ts';
import type { Home } from '../workspace/home.ts';
import { root } from '../workspace/root.ts';
import type { InstancePorts } from './ports.ts';
import { providerSecrets } from './provider-secrets.ts';

type EmulatorPorts = Pick<InstancePorts, 'payments' | 'console' | 'provider-emulator'>;

/** Where the provider emulator is: its pages, its API as Stripe's, and its own. */
export function emulatorUrlOf(ports: Pick<InstancePorts, 'provider-emulator'>): string {
  return `http://127.0.0.1:${ports['provider-emulator']}`;
}

/** Whether the user's settings have a key of the real Stripe, so that nothing has to stand in for it. */
export function usesStripe({ STRIPE_API_KEY: key }: NodeJS.ProcessEnv): boolean {
  return key !== undefined;
}

/**
 * By which the payment service opens payment pages, and knows who signs notifications: at the emulator, or at Stripe by
 * the user's own key and secrets.
 */
export function stripeSettings(home: Home, given: NodeJS.ProcessEnv, ports: EmulatorPorts): NodeJS.ProcessEnv {
  const { stripe } = providerSecrets(home);
  const console = { CONSOLE_URL: `http://127.0.0.1:${ports.console}` };
  if (!usesStripe(given)) {
    const emulator = { STRIPE_API_KEY: emulatorKey(home), STRIPE_API_URL: emulatorUrlOf(ports) };
    return { ...console, ...emulator, WEBHOOK_STRIPE_SECRETS: stripe };
  }
  const secrets = [stripe, given.WEBHOOK_STRIPE_SECRETS ?? []].flat();
  const { STRIPE_API_KEY, STRIPE_API_URL } = given;
  return { ...console, STRIPE_API_KEY, STRIPE_API_URL, WEBHOOK_STRIPE_SECRETS: secrets.join(',') };
}

/** The provider emulator as a process. What it knows outlives it, as the data of the services does. */
export function emulatorProcess(home: Home, ports: EmulatorPorts, name = 'provider-emulator'): ManagedProcess {
  const settings: EmulatorSettings = {
    port: ports['provider-emulator'],
    apiKey: emulatorKey(home),
    webhooksUrl: `http://127.0.0.1:${ports.payments}`,
    webhookSecret: providerSecrets(home).stripe,
    file: home.file(`${name}/records.json`),
  };
  const plan = {
    name,
    command: process.execPath,
    args: [join(root, 'tools', 'provider-emulator', 'main.ts'), home.file(`${name}.json`)],
    env: { PATH: process.env.PATH },
    cwd: root,
    log: home.log(name),
    prepare: () => home.write(`${name}.json`, settings),
    isReady: () => isHealthy(emulatorUrlOf(ports)),
  };
  return new ManagedProcess(plan, home.processes);
}

/** A key that only the emulator takes, made once per home. */
function emulatorKey(home: Home): string {
  return home.keep('provider-emulator-key.json', () => `sk_test_${randomBytes(24).toString('hex')}`);
}

async function isHealthy(url: string): Promise<boolean> {
  try {
    const answer = await fetch(`${url}/health`, { signal: AbortSignal.timeout(5_000) });
    await answer.body?.cancel();
    return answer.ok;
  } catch {
    return false;
  }
}
