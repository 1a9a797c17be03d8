import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../workspace/root.ts';
import type { App } from './apps.ts';

/**
 * The programs of an app: its server, and for one with a database the migrations and the proof of its data. Ops has two
 * more: they make the accounts of all services.
 */
export type EntryPoint = 'main' | 'migrate' | 'verify' | 'provision-databases' | 'print-broker-definitions';

export interface Finished {
  readonly app: App;
  readonly code: number;
  readonly output: string;
}

export function entryPoint(app: App, name: EntryPoint): string {
  return join(root, 'dist', 'apps', app, 'src', `${name}.js`);
}

/** Runs one of an app's programs to its end. An app that does not have it has nothing to do. */
export function runEntryPoint(app: App, name: EntryPoint, env: NodeJS.ProcessEnv): Promise<Finished> {
  const program = entryPoint(app, name);
  if (!existsSync(program)) return Promise.resolve({ app, code: 0, output: '' });
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--enable-source-maps', program], { cwd: root, env, stdio: 'pipe' });
    const output: Buffer[] = [];
    child.stdout.on('data', (data) => output.push(data));
    child.stderr.on('data', (data) => output.push(data));
    child.on('error', reject);
    child.on('close', (code) => resolve({ app, code: code ?? 1, output: Buffer.concat(output).toString().trimEnd() }));
  });
}
