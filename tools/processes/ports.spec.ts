import { createServer } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { claimBlock, isFree, isReachable } from './ports.ts';

const first = 28_000;

async function occupying(port: number, work: () => Promise<void>): Promise<void> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  try {
    await work();
  } finally {
    server.close();
  }
}

describe('a block of ports', () => {
  it('belongs to one at a time', async () => {
    const [one, other] = await Promise.all([
      claimBlock(first, [0, 1], undefined),
      claimBlock(first, [0, 1], undefined),
    ]);
    expect(one.base).not.toBe(other.base);
    one.release();
    other.release();
  });

  it('is passed over when somebody sits in it', async () => {
    const { base, release } = await claimBlock(first, [0, 1], undefined);
    release();
    await occupying(base + 1, async () => {
      const next = await claimBlock(first, [0, 1], base);
      expect(next.base).toBeGreaterThan(base);
      expect(await isFree(base + 1)).toBe(false);
      next.release();
    });
  });

  it('is the preferred one when that is free', async () => {
    const far = first + 400;
    const { base, release } = await claimBlock(first, [0, 1], far);
    expect(base).toBe(far);
    release();
  });

  it('has no port that fetch refuses', async () => {
    await expect(fetch('http://127.0.0.1:6665')).rejects.toMatchObject({ cause: { message: 'bad port' } });
    expect([6_466, 6_566, 6_600, 6_665, 6_697].map(isReachable)).toEqual([false, false, false, false, false]);
    const { base, release } = await claimBlock(6_600, [0], undefined);
    release();
    expect(base).toBeGreaterThan(6_697);
    const reachable = Array.from({ length: 140 }, (_, block) => 4_600 + block * 200).filter(isReachable);
    for (const block of reachable.slice(0, 10)) {
      const causes = await Promise.all(Array.from({ length: 200 }, (_, offset) => refusal(block + offset)));
      expect(causes).not.toContain('bad port');
    }
  });
});

/** Why fetch does not answer from the port. */
async function refusal(port: number): Promise<unknown> {
  try {
    await fetch(`http://127.0.0.1:${port}`, { signal: AbortSignal.timeout(1) });
    return undefined;
  } catch (error) {
    return ((error as Error).cause as Error | undefined)?.message;
  }
}
