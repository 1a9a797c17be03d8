import { claimBlock } from '../processes/ports.ts';
import type { ServerPort } from '../servers/server.ts';
import type { Home } from '../workspace/home.ts';
import { type App, appNames } from './apps.ts';

export type StackPort = App | ServerPort;

const firstBlock = 4_600;
/** How far the ports of `npm test` lie above those of `npm start`. */
export const testShift = 1_000;
/** In the block of a test run, the ports of its stacks begin here. */
const stacksOffset = 20;

const offsets: Readonly<Record<StackPort, number>> = {
  gateway: 0,
  payments: 1,
  ops: 2,
  subscriptions: 3,
  promotions: 4,
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
 */
export function instancePorts(home: Home, instance: number): Record<App, number> {
  const { gateway: base } = home.read<Record<StackPort, number>>('ports.json') ?? portsFrom(firstBlock + testShift);
  const first = base + stacksOffset + instance * appNames.length;
  return Object.fromEntries(appNames.map((app, index) => [app, first + index])) as Record<App, number>;
}

function portsFrom(base: number): Record<StackPort, number> {
  return Object.fromEntries(Object.entries(offsets).map(([name, offset]) => [name, base + offset])) as Record<
    StackPort,
    number
  >;
}
