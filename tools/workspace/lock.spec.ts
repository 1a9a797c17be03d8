import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { exclusively, lockHolder, takeLock } from './lock.ts';

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'matricula-lock-'));
  file = join(folder, 'work.lock');
});

afterEach(() => rmSync(folder, { recursive: true }));

describe('a lock', () => {
  it('is held by one process, which it names', () => {
    expect(lockHolder(file)).toBeUndefined();
    expect(takeLock(file)).toBe(true);
    expect(takeLock(file)).toBe(false);
    expect(lockHolder(file)?.pid).toBe(process.pid);
  });

  it('of a process that is no more is taken over', () => {
    const { pid } = spawnSync('true');
    writeFileSync(file, JSON.stringify({ pid, startedAt: '1' }));
    expect(takeLock(file)).toBe(true);
  });

  it('of a process whose number now belongs to another is taken over', () => {
    writeFileSync(file, JSON.stringify({ pid: process.pid, startedAt: 'long ago' }));
    expect(takeLock(file)).toBe(true);
  });

  it('lets in one at a time, and everybody in the end', async () => {
    let inside = 0;
    const work = () =>
      exclusively(file, async () => {
        inside += 1;
        expect(inside).toBe(1);
        await new Promise(setImmediate);
        inside -= 1;
      });
    await Promise.all([work(), work(), work()]);
    expect(lockHolder(file)).toBeUndefined();
  });
});
