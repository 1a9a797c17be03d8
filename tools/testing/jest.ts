import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../workspace/root.ts';
import type { Outcome } from './checks.ts';

const lingerMs = 10_000;

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  /** Suites that broke before a test of theirs could run. */
  readonly numRuntimeErrorTestSuites: number;
}

export interface JestRun {
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly reportFile: string;
  readonly signal: AbortSignal;
}

/** Runs jest, with its progress on the terminal, and counts. */
export async function runJest({ args, env, reportFile, signal }: JestRun): Promise<Outcome> {
  rmSync(reportFile, { force: true });
  const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
  const always = ['--passWithNoTests', '--json', '--outputFile', reportFile];
  const child = spawn(process.execPath, [jest, ...always, ...args], {
    cwd: root,
    signal,
    env: { ...env, NODE_OPTIONS: '--experimental-vm-modules --disable-warning=ExperimentalWarning' },
    // The report goes to its file, and also to stdout, where nobody wants to read it.
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const lingering = setInterval(() => endAfterReport(child, reportFile), 1_000);
  await new Promise<void>((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', () => resolve());
  });
  clearInterval(lingering);
  const report = readReport(reportFile);
  const failed = (report?.numFailedTests ?? 0) + (report?.numRuntimeErrorTestSuites ?? 0);
  // Without a report jest itself has failed, or was killed, and no test is to blame.
  return { passed: report?.numPassedTests ?? 0, failed: report ? failed : 1 };
}

/** A suite that leaves something open must not hold up the run for ever; its tests have been counted by then. */
function endAfterReport(child: ChildProcess, reportFile: string): void {
  const report = statSync(reportFile, { throwIfNoEntry: false });
  if (report && Date.now() - report.mtimeMs > lingerMs) child.kill('SIGKILL');
}

function readReport(file: string): Report | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Report;
  } catch {
    return undefined;
  }
}
