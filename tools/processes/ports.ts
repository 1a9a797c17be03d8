import { createServer } from 'node:net';

/** Above it the kernel hands out ports to outgoing connections, and one of those could sit on ours. */
const portMax = 32_767;
const blockSize = 200;
/** The last port of a block serves nobody: the process that listens on it has the whole block. */
const claimOffset = blockSize - 1;
/** Ports to which `fetch` and browsers never connect (WHATWG Fetch, "port blocking"), of those in a block. */
const blockedPorts = [4_190, 5_060, 5_061, 6_000, 6_566, 6_665, 6_666, 6_667, 6_668, 6_669, 6_679, 6_697, 10_080];

export interface PortBlock {
  readonly base: number;
  /** Gives the block back. A process that ends does so by itself. */
  release(): void;
}

/** Whether every port of the block that begins here can be reached by `fetch`. */
export function isReachable(base: number): boolean {
  return !blockedPorts.some((port) => port >= base && port < base + blockSize);
}

/**
 * Claims a block of ports for as long as this process lives: the preferred one, or the next one above `first` that
 * nobody has claimed, in which the wanted ports are free and none is blocked by `fetch`. The kernel decides who is
 * first, so that several clones can start at the same moment.
 */
export async function claimBlock(
  first: number,
  wantedOffsets: readonly number[],
  preferred: number | undefined,
): Promise<PortBlock> {
  const bases = Array.from(
    { length: Math.floor((portMax - first) / blockSize) },
    (_, block) => first + block * blockSize,
  );
  for (const base of (preferred === undefined ? bases : [preferred, ...bases]).filter(isReachable)) {
    const release = await listen(base + claimOffset);
    if (!release) continue;
    const free = await Promise.all(wantedOffsets.map((offset) => isFree(base + offset)));
    if (free.every(Boolean)) return { base, release };
    release();
  }
  throw new Error(`No block of ${blockSize} free ports between ${first} and ${portMax}`);
}

export async function isFree(port: number): Promise<boolean> {
  const release = await listen(port);
  release?.();
  return release !== undefined;
}

/** Occupies a port and answers how to let go of it, or undefined when somebody else has it. */
function listen(port: number): Promise<(() => void) | undefined> {
  return new Promise((resolve) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', () => resolve(undefined));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => resolve(() => void server.close()));
    server.unref();
  });
}
