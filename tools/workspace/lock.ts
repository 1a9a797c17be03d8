import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { identify, isAlive, type ProcessIdentity } from '../processes/identity.ts';

/** Runs `work` while no other process of this clone does the same; the lock of one that died is taken over. */
export async function exclusively<T>(file: string, work: () => Promise<T>): Promise<T> {
  while (!takeLock(file)) await sleep(200);
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

/** Makes this process the holder of the lock, unless another one is alive that holds it. */
export function takeLock(file: string): boolean {
  mkdirSync(dirname(file), { recursive: true });
  // Written first and then linked into place, so that nobody ever reads half of it.
  const claim = `${file}.${process.pid}`;
  writeFileSync(claim, JSON.stringify(identify(process.pid)));
  try {
    if (link(claim, file)) return true;
    if (lockHolder(file)) return false;
    rmSync(file, { force: true });
    return link(claim, file);
  } finally {
    rmSync(claim, { force: true });
  }
}

function link(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch {
    return false;
  }
}

/** The living process that holds the lock. */
export function lockHolder(file: string): ProcessIdentity | undefined {
  try {
    const holder = JSON.parse(readFileSync(file, 'utf8')) as ProcessIdentity;
    return isAlive(holder) ? holder : undefined;
  } catch {
    return undefined;
  }
}
