import { CliError, runCommand, say, step } from './terminal.ts';
import { onTestBench } from './testing/test-bench.ts';
import { build } from './workspace/build.ts';

/**
 * `npm run fuzz [-- --seed N --seconds S]`: requests made at random against all services, for ten minutes usually.
 * The same seed sends the same requests.
 */
await runCommand(() => {
  const seed = numberAfter('--seed', Math.floor(Math.random() * 2 ** 31));
  const seconds = numberAfter('--seconds', 600);
  Object.assign(process.env, { FUZZ_SEED: String(seed), FUZZ_SECONDS: String(seconds) });
  return onTestBench(async ({ jest, serversRunning }) => {
    say(`seed ${seed}, ${seconds} s`);
    await step('built', build);
    await serversRunning;
    const { passed, failed } = await jest([
      '--runInBand',
      '--testTimeout',
      '120000',
      '--testPathPatterns',
      'journeys/fuzz',
    ]);
    say(`${passed} passed, ${failed} failed; seed ${seed}`);
    return failed > 0 || passed === 0 ? 1 : 0;
  });
});

function numberAfter(name: string, usual: number): number {
  const at = process.argv.indexOf(name);
  const number = at < 0 ? usual : Number(process.argv[at + 1]);
  if (!Number.isSafeInteger(number) || number < 0) throw new CliError(`${name} takes a number.`);
  return number;
}
