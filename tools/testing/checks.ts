import { spawn } from 'node:child_process';
import { dim, green, red, say } from '../terminal.ts';
import { root } from '../workspace/root.ts';

/** How many of something went well, and how many did not. */
export interface Outcome {
  readonly passed: number;
  readonly failed: number;
}

/** The checks that need no servers, as package.json names them, in two rows of equal length. */
const rows = [
  ['typecheck', 'lint:api'],
  ['typecheck:web', 'lint', 'laws'],
] as const;

/** Runs the checks, one of each row at a time. Each counts as one test. */
export async function runChecks(signal: AbortSignal): Promise<Outcome[]> {
  const outcomes = await Promise.all(
    rows.map(async (row) => {
      const ofRow: Outcome[] = [];
      for (const check of row) ofRow.push(await runCheck(check, signal));
      return ofRow;
    }),
  );
  return outcomes.flat();
}

/** Runs one of package.json's scripts; what it says is shown when it fails. */
function runCheck(script: string, signal: AbortSignal): Promise<Outcome> {
  const began = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--run', script], { cwd: root, signal, stdio: ['ignore', 'pipe', 'pipe'] });
    const output: Buffer[] = [];
    child.stdout.on('data', (data) => output.push(data));
    child.stderr.on('data', (data) => output.push(data));
    child.on('error', reject);
    child.on('close', (code) => {
      const seconds = dim(`(${((performance.now() - began) / 1000).toFixed(1)} s)`);
      say(
        code === 0
          ? `${green('✓')} ${script} ${seconds}`
          : `${red('✗')} ${script} ${seconds}\n${Buffer.concat(output)}`,
      );
      resolve(code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 });
    });
  });
}

export function total(outcomes: readonly Outcome[]): Outcome {
  return {
    passed: outcomes.reduce((sum, { passed }) => sum + passed, 0),
    failed: outcomes.reduce((sum, { failed }) => sum + failed, 0),
  };
}
