import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import { removeContainers } from './servers/docker.ts';
import { runningLauncher } from './stack/running.ts';
import { stopStack } from './stack/stop-stack.ts';
import { CliError, runCommand, say } from './terminal.ts';
import { startHome } from './workspace/home.ts';

/**
 * `npm run reset`: forgets all private data. What was fetched (packages, programs) stays, and so do servers of your
 * own.
 */
await runCommand(async () => {
  const { values } = parseArgs({ options: { yes: { type: 'boolean', short: 'y', default: false } } });
  const home = startHome();
  if (runningLauncher(home)) throw new CliError('The system is running. Stop it first (Ctrl-C where npm start runs).');
  if (!values.yes && !(await agrees(`Delete all data, keys and logs in ${home.path}? [y/N] `))) {
    say('Nothing was deleted.');
    return 1;
  }
  await stopStack(home);
  removeContainers(home);
  home.forget();
  say('All private data is gone; npm start begins anew.');
  return 0;
});

async function agrees(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) throw new CliError('Say --yes where nobody can be asked: npm run reset -- --yes');
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return /^y(es)?$/i.test((await terminal.question(question)).trim());
  } finally {
    terminal.close();
  }
}
