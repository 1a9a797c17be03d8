import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import amqp from 'amqplib';
import { ManagedProcess } from '../processes/managed-process.ts';
import { CliError } from '../terminal.ts';
import { ownedFolder } from './run-as.ts';
import { type PrivateBroker, ProcessServer, type ProcessSettings, serverUrl } from './server.ts';

/**
 * A node of our own with a port mapper of our own: it shares neither name, cookie nor port with another on the machine.
 */
export function rabbitmqServer(settings: ProcessSettings): PrivateBroker {
  const { home, ports, password, vhosts, tools, user } = settings;
  const folder = join(home.servers, 'rabbitmq');
  const url = serverUrl('rabbitmq', settings);
  const plan = {
    name: 'rabbitmq',
    command: tools.rabbitmq,
    args: [],
    env: { ...tools.env, ...nodeSettings(folder, ports) },
    cwd: home.servers,
    user,
    log: home.log('rabbitmq'),
    stopWithinMs: 30_000,
    prepare: () => {
      ownedFolder(folder, user);
      writeFileSync(join(folder, 'definitions.json'), JSON.stringify(definitions(password, vhosts)));
      writeFileSync(join(folder, 'rabbitmq.conf'), configuration(folder, ports.rabbitmq));
      writeFileSync(join(folder, 'enabled_plugins'), '[].');
      ownedFolder(folder, user);
    },
    isReady: () => answers(`${url}/${encodeURIComponent(vhosts.at(-1) ?? '/')}`),
  };
  const { env, cwd } = plan;
  const control = join(dirname(tools.rabbitmq), 'rabbitmqctl');
  const tool: Tool = (args, input = '') =>
    new Promise((resolve, reject) => {
      const child = spawn(control, args, { env, cwd, ...user, stdio: ['pipe', 'ignore', 'pipe'] });
      const errors: Buffer[] = [];
      child.stderr.on('data', (data) => errors.push(data));
      child.on('error', reject);
      child.on('close', (code) => {
        if (code === 0) resolve();
        else reject(new CliError(`rabbitmqctl ${args.join(' ')} failed: ${Buffer.concat(errors)}`));
      });
      child.stdin.end(input);
    });
  return new RabbitmqServer(portMapper(settings), tool, url, plan, home.processes);
}

type Tool = (args: readonly string[], input?: string) => Promise<void>;

class RabbitmqServer extends ProcessServer implements PrivateBroker {
  readonly #portMapper: ManagedProcess;
  readonly #tool: Tool;

  constructor(portMapper: ManagedProcess, tool: Tool, ...server: ConstructorParameters<typeof ProcessServer>) {
    super(...server);
    this.#portMapper = portMapper;
    this.#tool = tool;
  }

  control(...args: readonly string[]): Promise<void> {
    return this.#tool(args);
  }

  importDefinitions(definitions: string): Promise<void> {
    return this.#tool(['import_definitions'], definitions);
  }

  override async start(): Promise<void> {
    await this.#portMapper.start();
    await super.start();
  }

  override async stop(): Promise<void> {
    await super.stop();
    await this.#portMapper.stop();
  }
}

/** RabbitMQ would start one itself and leave it behind. */
function portMapper({ home, ports, tools, user }: ProcessSettings): ManagedProcess {
  const plan = {
    name: 'epmd',
    command: tools.epmd,
    args: ['-port', String(ports.epmd), '-address', '127.0.0.1'],
    env: tools.env,
    cwd: home.servers,
    user,
    log: home.log('rabbitmq'),
    isReady: async () => true,
  };
  return new ManagedProcess(plan, home.processes);
}

function nodeSettings(folder: string, ports: ProcessSettings['ports']): NodeJS.ProcessEnv {
  return {
    HOME: folder, // where Erlang keeps its cookie
    RABBITMQ_NODENAME: 'matricula@localhost',
    RABBITMQ_BASE: folder,
    RABBITMQ_MNESIA_BASE: join(folder, 'data'),
    RABBITMQ_LOG_BASE: join(folder, 'log'),
    RABBITMQ_LOGS: '-',
    RABBITMQ_CONFIG_FILE: join(folder, 'rabbitmq.conf'),
    RABBITMQ_CONF_ENV_FILE: join(folder, 'none'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'enabled_plugins'),
    RABBITMQ_GENERATED_CONFIG_DIR: join(folder, 'generated'),
    RABBITMQ_PID_FILE: join(folder, 'pid'),
    RABBITMQ_DIST_PORT: String(ports.erlang),
    ERL_EPMD_PORT: String(ports.epmd),
    ERL_EPMD_ADDRESS: '127.0.0.1',
    // Two schedulers that do not spin: this broker shares a machine with everything else.
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '-kernel inet_dist_use_interface {127,0,0,1} +sbwtdio short +S 2:2',
    // The start script then becomes the broker, instead of standing between it and its signals.
    RUNNING_UNDER_SYSTEMD: 'true',
  };
}

function configuration(folder: string, port: number): string {
  return [
    `listeners.tcp.1 = 127.0.0.1:${port}`,
    `load_definitions = ${join(folder, 'definitions.json')}`,
    'disk_free_limit.absolute = 200MB',
    'log.console.level = info',
    '',
  ].join('\n');
}

/** The administrator and the virtual hosts, as RabbitMQ loads them at each start. */
export function definitions(password: string, vhosts: readonly string[]) {
  const user = 'matricula';
  const everything = { configure: '.*', write: '.*', read: '.*' };
  return {
    users: [{ name: user, password, tags: 'administrator' }],
    vhosts: vhosts.map((name) => ({ name })),
    permissions: vhosts.map((vhost) => ({ user, vhost, ...everything })),
  };
}

async function answers(url: string): Promise<boolean> {
  try {
    const connection = await amqp.connect(url, { timeout: 2_000 });
    await connection.close();
    return true;
  } catch {
    return false;
  }
}
