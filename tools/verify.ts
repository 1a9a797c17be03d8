import { appNames } from './stack/apps.ts';
import { runEntryPoint } from './stack/entry-point.ts';
import { theRun } from './stack/running.ts';
import { serverUrls } from './stack/servers.ts';
import { serviceSettings } from './stack/settings.ts';
import { complain, runCommand, say } from './terminal.ts';
import { givenEnvironment } from './workspace/environment.ts';

/** `npm run verify`: each service proves its data (the ledger from its transfers); fails and names what is broken. */
await runCommand(async () => {
  const { home, ports } = theRun();
  const given = givenEnvironment();
  const env = serviceSettings(home, given, serverUrls(home, given), ports);
  const results = await Promise.all(appNames.map((app) => runEntryPoint(app, 'verify', env)));
  for (const { output } of results) if (output) say(output);
  const broken = results.filter(({ code }) => code !== 0);
  for (const { app } of broken) complain(`What ${app} keeps is broken.`);
  return broken.length > 0 ? 1 : 0;
});
