import { createServer } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { claimBlock, isFree } from './ports.ts';

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
});
