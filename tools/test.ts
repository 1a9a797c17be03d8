import { runCommand, say, step } from './terminal.ts';
import { browserSpecs, chooseBrowserSpecs, onBrowserBench } from './testing/browser-bench.ts';
import { type Outcome, runChecks, total } from './testing/checks.ts';
import { onTestBench, stackWorkers, workers } from './testing/test-bench.ts';
import { build } from './workspace/build.ts';

/** Tests of the whole system through its ports. */
const journeys = '\\.e2e\\.spec\\.ts$';
/** Those that kill, freeze or slow the servers that all tests share. */
const harmful = '\\.alone\\.e2e\\.spec\\.ts$';

/**
 * `npm test`: lint, types, import laws, then every test on real servers of its own: the quick ones, then those in a
 * browser together with the journeys, and last, one by one, the journeys that do harm to the servers.
 * Words after `--` choose test files, and then only those are run.
 */
await runCommand(() => {
  const filters = process.argv.slice(2);
  return onTestBench(async ({ jest, serversRunning, signal }) => {
    const outcomes: Outcome[] = [];
    await step('built', build);
    if (filters.length === 0) outcomes.push(...(await runChecks(signal)));
    await serversRunning;

    const chosen = filters.length > 0 ? ['--testPathPatterns', filters.join('|')] : [];
    const parallel = ['--maxWorkers', String(workers)];
    outcomes.push(await jest([...chosen, ...parallel, ...ignoring(journeys, browserSpecs, '/node_modules/')]));

    const few = ['--maxWorkers', String(stackWorkers), '--testTimeout', '120000'];
    const together = (kinds: string) => [
      ...['--testPathPatterns', among(filters, kinds)],
      ...ignoring(harmful, '/node_modules/'),
      ...few,
    ];
    if (chooseBrowserSpecs(filters)) {
      outcomes.push(await onBrowserBench((env) => jest(together(`(${browserSpecs}|${journeys})`), env)));
    } else {
      outcomes.push(await jest(together(journeys)));
    }
    outcomes.push(
      await jest(['--runInBand', '--testTimeout', '120000', '--testPathPatterns', among(filters, harmful)]),
    );

    const { passed, failed } = total(outcomes);
    say(`${passed} passed, ${failed} failed`);
    return failed > 0 || passed === 0 ? 1 : 0;
  });
});

function among(filters: readonly string[], kind: string): string {
  return filters.length > 0 ? `^(?=.*(${filters.join('|')})).*${kind}` : kind;
}

function ignoring(...patterns: readonly string[]): string[] {
  return patterns.flatMap((pattern) => ['--testPathIgnorePatterns', pattern]);
}
