/** The services of the system. */
export const appNames = [
  'gateway',
  'payments',
  'ops',
  'subscriptions',
  'promotions',
  'notifications',
  'console',
] as const;
export type App = (typeof appNames)[number];

/** Those with HTTP routes, on a port beside the one for operations. */
export const httpApps = ['gateway', 'payments', 'ops', 'console'] as const;
export type HttpApp = (typeof httpApps)[number];

/** Those with a user of the broker. The console talks to the gateway alone. */
export const messagingApps = ['gateway', 'payments', 'ops', 'subscriptions', 'promotions', 'notifications'] as const;
export type MessagingApp = (typeof messagingApps)[number];

/** Those with a database. */
export const databaseApps = ['payments', 'ops', 'subscriptions', 'promotions', 'notifications'] as const;
export type DatabaseApp = (typeof databaseApps)[number];

export const hasRoutes = (app: App): app is HttpApp => httpApps.some((name) => name === app);
export const hasMessaging = (app: App): app is MessagingApp => messagingApps.some((name) => name === app);
export const hasDatabase = (app: App): app is DatabaseApp => databaseApps.some((name) => name === app);

/** The ports of the services: for clients, and for operations (health and metrics). */
export type AppPort = HttpApp | `${App}-operations`;
export type AppPorts = Readonly<Record<AppPort, number>>;

/** The environment variable that sets a port. */
export function portVariable(port: AppPort): string {
  return `${port.replace('-', '_').toUpperCase()}_PORT`;
}

/** Where the clients of an app reach it. */
export function urlOf(app: HttpApp, ports: AppPorts): string {
  return `http://127.0.0.1:${ports[app]}`;
}

/** Where health and metrics of an app are. */
export function operationsUrlOf(app: App, ports: AppPorts): string {
  return `http://127.0.0.1:${ports[`${app}-operations`]}`;
}
