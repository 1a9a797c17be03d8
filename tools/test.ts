import { runCommand, say, step } from './terminal.ts';
import { browserSpecs, chooseBrowserSpecs, onBrowserBench } from './testing/browser-bench.ts';
import { checks, type Outcome, runCheck, total } from './testing/checks.ts';
import { onTestBench, workers } from './testing/test-bench.ts';
import { build } from './workspace/build.ts';

const journeys = '\\.e2e\\.spec\\.ts$';

/**
 * `npm test`: lint, types, import laws, then every test on real servers of its own: those in a browser after the quick
 * ones, the journeys last and one by one.
 * Words after `--` choose test files, and then only those are run.
 */
await runCommand(() => {
  const filters = process.argv.slice(2);
  return onTestBench(async ({ jest, serversRunning, signal }) => {
    const outcomes: Outcome[] = [];
    await step('built', build);
    if (filters.length === 0) for (const check of checks) outcomes.push(await runCheck(check, signal));
    await serversRunning;

    const chosen = filters.length > 0 ? ['--testPathPatterns', filters.join('|')] : [];
    const parallel = ['--maxWorkers', String(workers)];
    outcomes.push(await jest([...chosen, ...parallel, ...ignoring(journeys, browserSpecs, '/node_modules/')]));
    const few = ['--maxWorkers', String(Math.min(4, workers))];
    if (chooseBrowserSpecs(filters)) {
      const specs = ['--testPathPatterns', among(filters, browserSpecs), '--testTimeout', '60000', ...few];
      outcomes.push(await onBrowserBench((env) => jest(specs, env)));
    }
    outcomes.push(await jest(journeysAmong(filters)));

    const { passed, failed } = total(outcomes);
    say(`${passed} passed, ${failed} failed`);
    return failed > 0 || passed === 0 ? 1 : 0;
  });
});

/** A journey has the whole machine to itself, and with it the right to kill the servers. */
function journeysAmong(filters: readonly string[]): string[] {
  return ['--runInBand', '--testTimeout', '120000', '--testPathPatterns', among(filters, journeys)];
}

function among(filters: readonly string[], kind: string): string {
  return filters.length > 0 ? `^(?=.*(${filters.join('|')})).*${kind}` : kind;
}

function ignoring(...patterns: readonly string[]): string[] {
  return patterns.flatMap((pattern) => ['--testPathIgnorePatterns', pattern]);
}
