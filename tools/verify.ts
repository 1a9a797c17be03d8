import { type App, appNames } from './stack/apps.ts';
import { databaseUrl } from './stack/databases.ts';
import { runEntryPoint } from './stack/entry-point.ts';
import { theRun } from './stack/running.ts';
import { serverUrls } from './stack/servers.ts';
import { serviceSettings } from './stack/settings.ts';
import { complain, runCommand, say } from './terminal.ts';
import { compareOrdersAndMoney, describeComparison } from './verification/orders-and-money.ts';
import { type MessagePlaces, whatIsParked, whatIsUnderWay } from './verification/under-way.ts';
import { givenEnvironment } from './workspace/environment.ts';

/**
 * `npm run verify`: each service proves its data (the ledger from its transfers), and orders are compared with the
 * money that stands for them in another database; fails and names what is broken.
 */
await runCommand(async () => {
  const { home, ports } = theRun();
  const given = givenEnvironment();
  const urls = serverUrls(home, given);
  const env = serviceSettings(home, given, urls, ports);
  const results = await Promise.all(appNames.map((app) => runEntryPoint(app, 'verify', env)));
  for (const { output } of results) if (output) say(output);
  const broken = results.filter(({ code }) => code !== 0);
  for (const { app } of broken) complain(`What ${app} keeps is broken.`);

  const places: MessagePlaces = {
    databaseUrl: (service) => databaseUrl(service, env),
    brokerUrl: urls.AMQP_URL,
    instancesOf: (service: App) => [{ name: service, url: `http://127.0.0.1:${ports[service]}` }],
  };
  const comparison = await compareOrdersAndMoney(
    { subscriptions: places.databaseUrl('subscriptions'), payments: places.databaseUrl('payments') },
    () => underWayAsFarAsKnown(places),
  );
  say(describeComparison(comparison));
  if (comparison.violations.length > 0) complain('Orders and their money disagree.');
  return broken.length > 0 || comparison.violations.length > 0 || comparison.leftOut > 0 ? 1 : 0;
});

/** A parked message may be the one that an order waits for. */
async function underWayAsFarAsKnown(places: MessagePlaces): Promise<string[]> {
  try {
    return [...(await whatIsUnderWay(places)), ...(await whatIsParked(places))];
  } catch (error) {
    return [`cannot read what is under way: ${(error as Error).message}`];
  }
}
