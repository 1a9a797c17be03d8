import { runCommand, say, step } from './terminal.ts';
import { onTestBench } from './testing/test-bench.ts';
import { build } from './workspace/build.ts';

/**
 * `npm run chaos`: kills, freezes and cuts off services and servers under load, and proves the invariants after each
 * fault. Words after `--` choose faults by their names.
 */
await runCommand(() => {
  const chosen = process.argv.slice(2).join(' ');
  return onTestBench(async ({ jest, serversRunning }) => {
    await step('built', build);
    await serversRunning;
    const campaign = ['--runInBand', '--verbose', '--testTimeout', '300000', '--testMatch', '**/*.chaos.ts'];
    const { passed, failed } = await jest(chosen ? [...campaign, '--testNamePattern', chosen] : campaign);
    say(`${passed} passed, ${failed} failed`);
    return failed > 0 || passed === 0 ? 1 : 0;
  });
});
