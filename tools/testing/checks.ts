import { spawn } from 'node:child_process';
import { dim, green, red, say } from '../terminal.ts';
import { root } from '../workspace/root.ts';

/** How many of something went well, and how many did not. */
export interface Outcome {
  readonly passed: number;
  readonly failed: number;
}

/** The checks that need no servers, as package.json names them. Each counts as one test. */
export const checks = ['lint', 'lint:api', 'typecheck', 'laws'] as const;

/** Runs one of package.json's scripts; what it says is shown when it fails. */
export function runCheck(script: (typeof checks)[number], signal: AbortSignal): Promise<Outcome> {
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
