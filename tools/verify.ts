import { accountsOf } from './apps/accounts.ts';
import { type App, databaseApps, operationsUrlOf } from './apps/apps.ts';
import { runEntryPoint } from './apps/entry-point.ts';
import { issuerAt } from './stack/openid.ts';
import { theRun } from './stack/running.ts';
import { serverUrls } from './stack/servers.ts';
import { stackSettings } from './stack/settings.ts';
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
  const accounts = accountsOf(home, given, urls);
  const settings = stackSettings(home, given, { urls, accounts, ports, issuer: issuerAt(home, ports) });
  const results = await Promise.all(databaseApps.map((app) => runEntryPoint(app, 'verify', settings.of(app))));
  for (const { output } of results) if (output) say(output);
  const broken = results.filter(({ code }) => code !== 0);
  for (const { app } of broken) complain(`What ${app} keeps is broken.`);

  const places: MessagePlaces = {
    databaseUrl: (service) => accounts.databases[service].runtimeUrl,
    brokerUrl: urls.AMQP_URL,
    instancesOf: (service: App) => [{ name: service, operationsUrl: operationsUrlOf(service, ports) }],
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
