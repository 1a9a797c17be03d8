import { ManagedProcess } from '../processes/managed-process.ts';
import type { Home } from '../workspace/home.ts';
import type { User } from './run-as.ts';
import type { Tools } from './tools.ts';

export const serverNames = ['postgres', 'redis', 'rabbitmq'] as const;
export type ServerName = (typeof serverNames)[number];

export const serverTitle = { postgres: 'Postgres', redis: 'Redis', rabbitmq: 'RabbitMQ' } as const;

/** The environment variable that names a server to the services, and by which users name one of their own. */
export const urlVariable = { postgres: 'DATABASE_URL', redis: 'REDIS_URL', rabbitmq: 'AMQP_URL' } as const;

export type ServerPort = ServerName | 'erlang' | 'epmd';

export interface ServerSettings {
  readonly home: Home;
  readonly ports: Readonly<Record<ServerPort, number>>;
  readonly password: string;
  /** RabbitMQ's virtual hosts. */
  readonly vhosts: readonly string[];
}

/** What a server needs besides when it runs as a process of this machine. */
export interface ProcessSettings extends ServerSettings {
  readonly tools: Tools;
  readonly user: User | undefined;
}

/** A server of our own, on the loopback interface alone and with its data in the home folder. */
export interface PrivateServer {
  readonly name: string;
  readonly url: string;
  start(): Promise<void>;
  stop(): Promise<void>;
  kill(): Promise<void>;
  pause(): void;
  resume(): void;
}

export interface PrivateBroker extends PrivateServer {
  /** Runs RabbitMQ's tool for its operators, `rabbitmqctl`. */
  control(...args: readonly string[]): Promise<void>;
  /** Adds users, permissions, queues and bindings, as JSON in the broker's own format. */
  importDefinitions(definitions: string): Promise<void>;
}

export class ProcessServer extends ManagedProcess implements PrivateServer {
  readonly url: string;

  constructor(url: string, ...process: ConstructorParameters<typeof ManagedProcess>) {
    super(...process);
    this.url = url;
  }
}

export function serverUrl(name: ServerName, { ports, password }: ServerSettings): string {
  const place = `127.0.0.1:${ports[name]}`;
  if (name === 'postgres') return `postgresql://matricula:${password}@${place}/postgres`;
  if (name === 'redis') return `redis://:${password}@${place}`;
  return `amqp://matricula:${password}@${place}`;
}
