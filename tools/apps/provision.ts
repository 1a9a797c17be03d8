import type { PrivateBroker } from '../servers/server.ts';
import { serverTitle } from '../servers/server.ts';
import { CliError } from '../terminal.ts';
import type { Accounts } from './accounts.ts';
import { type MessagingApp, messagingApps } from './apps.ts';
import { databaseVariable, migrationVariable } from './databases.ts';
import { runEntryPoint } from './entry-point.ts';

/** Makes the roles and databases of the services on the private Postgres server of `adminUrl`. */
export async function provisionDatabases(adminUrl: string, { databases, ownDatabases }: Accounts): Promise<void> {
  if (ownDatabases.length === 0) return;
  const urls = ownDatabases.flatMap((app) => [
    [databaseVariable(app), databases[app].runtimeUrl],
    [migrationVariable(app), databases[app].ownerUrl],
  ]);
  await runOps('provision-databases', serverTitle.postgres, {
    ADMIN_DATABASE_URL: adminUrl,
    ...Object.fromEntries(urls),
  });
}

/** Makes the users, permissions and queues of the services on the private broker. */
export async function provisionBroker(broker: PrivateBroker, { brokers }: Pick<Accounts, 'brokers'>): Promise<void> {
  const variableOf = (app: MessagingApp) => `${app.toUpperCase()}_AMQP_URL`;
  const urls = Object.fromEntries(messagingApps.map((app) => [variableOf(app), brokers[app]]));
  await broker.importDefinitions(await runOps('print-broker-definitions', serverTitle.rabbitmq, urls));
}

async function runOps(
  program: 'provision-databases' | 'print-broker-definitions',
  server: string,
  env: NodeJS.ProcessEnv,
): Promise<string> {
  const { code, output } = await runEntryPoint('ops', program, { PATH: process.env.PATH, ...env });
  if (code !== 0) throw new CliError(`The accounts of the services at ${server} could not be made:\n${output}`);
  return output;
}
