import { randomBytes } from 'node:crypto';
import { urlVariable } from '../servers/server.ts';
import type { Home } from '../workspace/home.ts';
import { type DatabaseApp, databaseApps, type MessagingApp, messagingApps } from './apps.ts';
import { databaseUrl, databaseVariable } from './databases.ts';

/** Where the servers are, as their administrator. */
export interface ServerUrls {
  readonly DATABASE_URL: string;
  readonly REDIS_URL: string;
  readonly AMQP_URL: string;
}

/** How an app reaches its database: as the role that it runs as, and as the owner, for migrations. */
export interface DatabaseAccount {
  readonly runtimeUrl: string;
  readonly ownerUrl: string;
}

/**
 * Which account each service uses at Postgres and RabbitMQ: one of its own on a private server. On a server that the
 * user brings, each service uses the user's account.
 */
export interface Accounts {
  readonly databases: Readonly<Record<DatabaseApp, DatabaseAccount>>;
  readonly brokers: Readonly<Record<MessagingApp, string>>;
  /** The apps whose roles and databases are made by us. */
  readonly ownDatabases: readonly DatabaseApp[];
  readonly ownBroker: boolean;
}

/** @param databaseName the name of an app's database on the private server */
export function accountsOf(
  home: Home,
  given: NodeJS.ProcessEnv,
  urls: ServerUrls,
  databaseName = (app: DatabaseApp) => `matricula_${app}`,
): Accounts {
  const passwords = passwordsIn(home);
  const ownBroker = given[urlVariable.rabbitmq] === undefined;
  const broughtServer = given[urlVariable.postgres] !== undefined;
  const isOurs = (app: DatabaseApp) => !broughtServer && given[databaseVariable(app)] === undefined;
  const databaseOf = (app: DatabaseApp): DatabaseAccount => {
    if (!isOurs(app)) {
      const url = databaseUrl(app, { ...given, ...(!broughtServer && { DATABASE_URL: urls.DATABASE_URL }) });
      return { runtimeUrl: url, ownerUrl: url };
    }
    const as = (username: string, password: string) =>
      Object.assign(new URL(urls.DATABASE_URL), { username, password, pathname: `/${databaseName(app)}` }).href;
    return {
      runtimeUrl: as(`matricula_${app}`, passwords[app].runtime),
      ownerUrl: as(`matricula_${app}_owner`, passwords[app].owner),
    };
  };
  const brokerOf = (app: MessagingApp) =>
    ownBroker
      ? Object.assign(new URL(urls.AMQP_URL), { username: `matricula-${app}`, password: passwords[app].broker }).href
      : urls.AMQP_URL;
  return {
    databases: record(databaseApps, databaseOf),
    brokers: record(messagingApps, brokerOf),
    ownDatabases: databaseApps.filter(isOurs),
    ownBroker,
  };
}

type Passwords = Record<MessagingApp, { readonly runtime: string; readonly owner: string; readonly broker: string }>;

/** The passwords of a home. A service that is newer than the home gets its own. */
function passwordsIn(home: Home): Passwords {
  const kept = home.keep('account-passwords.json', newPasswords);
  if (messagingApps.every((app) => app in kept)) return kept;
  const passwords = { ...newPasswords(), ...kept };
  home.write('account-passwords.json', passwords);
  return passwords;
}

function newPasswords(): Passwords {
  const password = () => randomBytes(18).toString('hex');
  return record(messagingApps, () => ({ runtime: password(), owner: password(), broker: password() }));
}

function record<Key extends string, Value>(keys: readonly Key[], of: (key: Key) => Value): Record<Key, Value> {
  return Object.fromEntries(keys.map((key) => [key, of(key)])) as Record<Key, Value>;
}
