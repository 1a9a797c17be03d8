import { killAll } from './processes/managed-process.ts';
import { onStopSignal } from './processes/stop-signals.ts';
import { Supervisor } from './processes/supervisor.ts';
import type { PrivateServer } from './servers/server.ts';
import { bringUp } from './stack/bring-up.ts';
import { claimHome, leaveHome, type Run, runningLauncher, runOf } from './stack/running.ts';
import { stopStack } from './stack/stop-stack.ts';
import { bold, complain, dim, runCommand, say } from './terminal.ts';
import { type Home, startHome } from './workspace/home.ts';

/** `npm start`: from a fresh clone to a system that runs, has played its story, and stays up until it is stopped. */
await runCommand(async () => {
  const home = startHome();
  if (!claimHome(home)) return showRunning(home);

  const { promise: ended, resolve: end } = Promise.withResolvers<number>();
  const ending = new AbortController();
  onStopSignal(
    () => end(0),
    () => {
      killAll(home.processes);
      process.exit(1);
    },
  );
  // Nothing else would keep this process here once all is up.
  setInterval(() => {}, 60_000);
  const supervisor = new Supervisor({
    say: (text) => complain(text),
    giveUp: (process, reason) => {
      complain(`${process.name} does not stay up (${reason}); its log: ${home.log(process.name)}`);
      end(1);
    },
  });
  const servers: PrivateServer[] = [];
  try {
    await Promise.race([bringUp({ home, servers, supervisor, ending: ending.signal }).then(show), ended]);
    return await ended;
  } finally {
    ending.abort();
    supervisor.release();
    if (servers.length > 0) say('\nStopping; the data stays.');
    await stopStack(home, servers);
    leaveHome(home);
  }
});

function show({ urls, tokens }: Run): void {
  const line = (title: string, text: string) => say(`${bold(title.padEnd(16))}${text}`);
  say();
  line('console', `${urls.console} (sign in with a button)`);
  if (urls.provider_emulator) line('payment pages', `${urls.provider_emulator} (no real money moves)`);
  line('gateway', urls.gateway);
  line('API docs', urls.docs);
  line('webhooks', `${urls.webhooks}/webhooks/{standard,stripe}`);
  line('queue dashboard', `${urls.ops} (sign in with the ops token)`);
  for (const [role, token] of Object.entries(tokens)) line(`${role} token`, token);
  say(
    dim('The same is in .matricula/run.json, logs are in .matricula/logs. Ctrl-C stops everything and keeps the data.'),
  );
}

function showRunning(home: Home): number {
  say(`Matricula is running already, or just about to (process ${runningLauncher(home)?.pid}).`);
  const run = runOf(home);
  if (run) show(run);
  return 0;
}
