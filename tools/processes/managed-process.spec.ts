import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '../../test/support/eventually.js';
import { ManagedProcess, type ProcessPlan, stopAll } from './managed-process.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'matricula-process-'));
  await mkdir(join(folder, 'processes'));
});

afterEach(async () => {
  await stopAll(join(folder, 'processes'));
  await rm(folder, { recursive: true });
});

/** A program that is ready once it has written its file, and records the signals it gets. */
const patient = `
  const { appendFileSync } = require('node:fs');
  process.on('SIGTERM', () => { appendFileSync(process.argv[1], 'SIGTERM'); process.exit(0); });
  appendFileSync(process.argv[1], 'up ');
  setInterval(() => {}, 1000);
`;
const deaf = patient.replace("appendFileSync(process.argv[1], 'SIGTERM'); process.exit(0);", '');

function processOf(program: string, changes: Partial<ProcessPlan> = {}): ManagedProcess {
  const record = join(folder, 'record');
  const plan: ProcessPlan = {
    name: 'program',
    command: process.execPath,
    args: ['-e', program, record],
    log: join(folder, 'program.log'),
    isReady: async () => existsSync(record),
    ...changes,
  };
  return new ManagedProcess(plan, join(folder, 'processes'));
}

const record = () => readFileSync(join(folder, 'record'), 'utf8');

describe('a managed process', () => {
  it('is started once, and asked to end', async () => {
    const program = processOf(patient);
    await program.start();
    await program.start();
    expect(program.isRunning).toBe(true);
    await program.stop();
    expect(program.isRunning).toBe(false);
    expect(record()).toBe('up SIGTERM');
  });

  it('can be stopped by a process that knows the folder', async () => {
    await processOf(patient).start();
    const sameFromElsewhere = processOf(patient);
    expect(sameFromElsewhere.isRunning).toBe(true);
    expect(await stopAll(join(folder, 'processes'))).toEqual(['program']);
    expect(sameFromElsewhere.isRunning).toBe(false);
    expect(await stopAll(join(folder, 'processes'))).toEqual([]);
  });

  it('is made to end when it does not listen', async () => {
    const program = processOf(deaf, { stopWithinMs: 100 });
    await program.start();
    await program.stop();
    expect(program.isRunning).toBe(false);
    expect(await program.whenExited).toBe('ended by SIGKILL');
  });

  it('is ended with its children, as by a crash', async () => {
    const parent = `
      const { spawn } = require('node:child_process');
      const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { detached: true });
      require('node:fs').writeFileSync(process.argv[1], String(child.pid));
      setInterval(() => {}, 1000);
    `;
    const program = processOf(parent);
    await program.start();
    const child = Number(record());
    await program.kill();
    expect(program.isRunning).toBe(false);
    await eventually(() => expect(() => process.kill(child, 0)).toThrow('ESRCH'));
  });

  it('stands still while it is paused, and ends even so', async () => {
    const program = processOf(patient);
    await program.start();
    program.pause();
    await eventually(() => isStopped(join(folder, 'processes', 'program.json')));
    await program.stop();
    expect(record()).toBe('up SIGTERM');
  });

  it('that ends before it is ready says why', async () => {
    const program = processOf(`console.log('no such database'); process.exit(3)`, { isReady: async () => false });
    await expect(program.start()).rejects.toThrow(/exit code 3.*no such database/s);
  });

  it('that cannot be started at all says so', async () => {
    const program = processOf(patient, { command: join(folder, 'nothing-here'), isReady: async () => false });
    await expect(program.start()).rejects.toThrow('ENOENT');
  });

  it('that does not become ready in time says so', async () => {
    const program = processOf(patient, { isReady: async () => false, readyWithinMs: 200 });
    await expect(program.start()).rejects.toThrow('not ready after 0.2 s');
  });
});

function isStopped(recordFile: string): boolean {
  const { pid } = JSON.parse(readFileSync(recordFile, 'utf8')) as { pid: number };
  return readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .startsWith('T');
}
