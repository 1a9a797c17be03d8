import type { AppPort, AppPorts } from '../apps/apps.ts';
import { claimBlock } from '../processes/ports.ts';
import type { ServerPort } from '../servers/server.ts';
import type { Home } from '../workspace/home.ts';

/** Programs beside the services that people and outside systems would run. */
export type CompanionPort = 'openid' | 'provider-emulator';
export type StackPort = AppPort | CompanionPort | ServerPort;
/** The ports of one instance of each app, and of what stands beside them. */
export type InstancePorts = AppPorts & Readonly<Record<CompanionPort, number>>;

const firstBlock = 4_600;
/** How far the ports of `npm test` lie above those of `npm start`. */
export const testShift = 2_200;
/** In the block of a test run, the ports of its stacks begin here, and each instance has so many. */
const stacksOffset = 20;
const instanceSize = 14;
/** How many instances of each app a stack of a test has at most. */
const instancesMax = 2;
/** How many stacks of tests can run at one time: one of the run, and one of each worker that starts some. */
export const lanes = 5;

const appOffsets: AppPorts = {
  gateway: 0,
  payments: 1,
  ops: 2,
  'subscriptions-operations': 3,
  'promotions-operations': 4,
  'gateway-operations': 5,
  'payments-operations': 6,
  'ops-operations': 7,
  console: 8,
  'console-operations': 9,
  'notifications-operations': 17,
};
const companionOffsets: Readonly<Record<CompanionPort, number>> = { openid: 15, 'provider-emulator': 16 };
const offsets: Readonly<Record<StackPort, number>> = {
  ...appOffsets,
  ...companionOffsets,
  postgres: 10,
  redis: 11,
  rabbitmq: 12,
  erlang: 13,
  epmd: 14,
};

/** Claims the ports of a home while this process lives: the same as the last time, wherever they are still free. */
export async function claimPorts(home: Home, shift = 0): Promise<Record<StackPort, number>> {
  const remembered = home.read<Record<StackPort, number>>('ports.json');
  const { base } = await claimBlock(firstBlock + shift, Object.values(offsets), remembered?.gateway);
  const ports = portsFrom(base);
  home.write('ports.json', ports);
  return ports;
}

/**
 * The ports of the apps of one instance of a test's stack, counted from 0, in the block that the test run has claimed.
 * Stacks that run at one time are on lanes of their own.
 */
export function instancePorts(home: Home, lane: number, instance: number): InstancePorts {
  if (lane >= lanes || instance >= instancesMax) {
    throw new Error(`No ports for instance ${instance} on lane ${lane}: raise what tools/stack/ports.ts allows`);
  }
  const { gateway: base } = home.read<Record<StackPort, number>>('ports.json') ?? portsFrom(firstBlock + testShift);
  const each = { ...appOffsets, openid: 10, 'provider-emulator': 11, 'notifications-operations': 12 };
  return portsOf(each, base + stacksOffset + (lane * instancesMax + instance) * instanceSize);
}

/** The ports that a home had the last time, or will have the first time. */
export function lastPorts(home: Home): Record<StackPort, number> {
  return home.read<Record<StackPort, number>>('ports.json') ?? portsFrom(firstBlock);
}

function portsFrom(base: number): Record<StackPort, number> {
  return portsOf(offsets, base);
}

function portsOf<Port extends string>(by: Readonly<Record<Port, number>>, base: number): Record<Port, number> {
  const ports = Object.entries<number>(by).map(([name, offset]) => [name, base + offset]);
  return Object.fromEntries(ports) as Record<Port, number>;
}
