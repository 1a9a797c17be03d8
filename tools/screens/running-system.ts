import { killAll } from '../processes/managed-process.ts';
import { onStopSignal } from '../processes/stop-signals.ts';
import { Supervisor } from '../processes/supervisor.ts';
import type { PrivateServer } from '../servers/server.ts';
import { bringUp } from '../stack/bring-up.ts';
import { DevelopmentIssuer } from '../stack/issuer.ts';
import { type Provider, providerSecrets } from '../stack/provider-secrets.ts';
import { claimHome, leaveHome, type Run, runOf } from '../stack/running.ts';
import { stopStack } from '../stack/stop-stack.ts';
import { CliError, complain } from '../terminal.ts';
import { type Home, startHome } from '../workspace/home.ts';

/** The system of this clone, and what signs for it. */
export interface RunningSystem {
  readonly run: Run;
  readonly issuer: DevelopmentIssuer;
  readonly secrets: Readonly<Record<Provider, string>>;
}

/** Does work on the system of `npm start`: the one that runs, or one that is started for it and stopped after it. */
export async function onRunningSystem(work: (system: RunningSystem) => Promise<number>): Promise<number> {
  const home = startHome();
  if (claimHome(home)) return onOwnSystem(home, work);
  const run = runOf(home);
  if (!run) throw new CliError('The system is about to start; try again when npm start shows its addresses.');
  return work(systemOf(home, run));
}

async function onOwnSystem(home: Home, work: (system: RunningSystem) => Promise<number>): Promise<number> {
  const ending = new AbortController();
  const ended = new Promise<number>((resolve) => ending.signal.addEventListener('abort', () => resolve(130)));
  onStopSignal(
    () => ending.abort(),
    () => {
      killAll(home.processes);
      process.exit(1);
    },
  );
  const supervisor = new Supervisor({
    say: (text) => complain(text),
    giveUp: (process, reason) => {
      complain(`${process.name} does not stay up (${reason}); its log: ${home.log(process.name)}`);
      ending.abort();
    },
  });
  const servers: PrivateServer[] = [];
  try {
    const run = await Promise.race([bringUp({ home, servers, supervisor, ending: ending.signal }), ended]);
    return typeof run === 'number' ? run : await Promise.race([work(systemOf(home, run)), ended]);
  } finally {
    ending.abort();
    supervisor.release();
    await stopStack(home, servers);
    leaveHome(home);
  }
}

function systemOf(home: Home, run: Run): RunningSystem {
  return { run, issuer: new DevelopmentIssuer(home, run.urls.openid), secrets: providerSecrets(home) };
}
