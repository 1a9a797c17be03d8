import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CliError } from '../terminal.ts';
import type { Home } from '../workspace/home.ts';
import { root } from '../workspace/root.ts';
import { definitions } from './rabbitmq.ts';
import { type PrivateBroker, type ServerName, type ServerSettings, serverUrl } from './server.ts';

const composeFile = join(root, 'docker-compose.yml');

export function dockerAnswers(): boolean {
  return quietly(['info']) && quietly(['compose', 'version']);
}

/**
 * Removes the containers of this home with the volumes that hold their data, if it ever had any: where the home is
 * emptied or forgotten they have to go first, for a volume lets in only the password that it was made with.
 */
export function removeContainers(home: Home): void {
  if (!existsSync(overlayOf(home))) return;
  // Compose insists on some password, and none is used.
  const { status, reason } = compose(composeOf(home), ['down', '--volumes'], 'not needed');
  if (status !== 0) {
    throw new CliError(
      `The data is in Docker's volumes, and docker compose down failed: ${reason}. Start Docker and try again, or ` +
        `delete ${overlayOf(home)} to leave them where they are.`,
    );
  }
  rmSync(overlayOf(home));
}

/** A server of docker-compose.yml, under a project name and on ports of this clone. */
export class ContainerServer implements PrivateBroker {
  readonly name: ServerName;
  readonly url: string;
  readonly #compose: readonly string[];
  readonly #password: string;

  constructor(name: ServerName, settings: ServerSettings) {
    this.name = name;
    this.url = serverUrl(name, settings);
    this.#compose = composeFor(settings);
    this.#password = settings.password;
  }

  async start(): Promise<void> {
    // Without the containers that it waits for in docker-compose.yml: they make what the launcher makes itself.
    this.#run('up', '--no-deps', '--detach', '--wait', this.name);
  }

  async stop(): Promise<void> {
    this.#run('stop', this.name);
  }

  async kill(): Promise<void> {
    this.#run('kill', this.name);
  }

  pause(): void {
    this.#run('pause', this.name);
  }

  resume(): void {
    // Docker complains of one that is not paused.
    this.#docker('unpause', this.name);
  }

  async control(...args: readonly string[]): Promise<void> {
    this.#run('exec', '--no-TTY', this.name, 'rabbitmqctl', ...args);
  }

  async importDefinitions(definitions: string): Promise<void> {
    const args = ['exec', '--no-TTY', this.name, 'rabbitmqctl', 'import_definitions'];
    const { status, reason } = compose(this.#compose, args, this.#password, definitions);
    if (status !== 0) throw new CliError(`docker compose ${args.join(' ')} failed: ${reason}`);
  }

  #run(...args: string[]): void {
    const { status, reason } = this.#docker(...args);
    if (status !== 0) throw new CliError(`docker compose ${args.join(' ')} failed: ${reason}`);
  }

  #docker(...args: string[]) {
    return compose(this.#compose, args, this.#password);
  }
}

function compose(project: readonly string[], args: readonly string[], password: string, input = '') {
  // Compose wants each variable of the file; those of other containers are of no use here.
  const variables = [...readFileSync(composeFile, 'utf8').matchAll(/\$\{(\w+):\?/g)].map(([, name]) => name);
  const passwords = Object.fromEntries(variables.map((name) => [name, password]));
  const env = { ...process.env, ...passwords };
  const { status, stderr, error } = spawnSync('docker', [...project, ...args], {
    cwd: root,
    env,
    encoding: 'utf8',
    input,
  });
  return { status, reason: error?.message ?? stderr.trim() };
}

/** docker-compose.yml with the ports and virtual hosts of this home laid over it. */
function composeFor({ home, ports, password, vhosts }: ServerSettings): string[] {
  const definitionsFile = join(home.path, 'rabbitmq-definitions.json');
  const loadFile = join(home.path, 'rabbitmq-load.conf');
  // Both are read by the container's own user.
  writeFileSync(definitionsFile, JSON.stringify(definitions(password, vhosts)), { mode: 0o644 });
  writeFileSync(loadFile, 'load_definitions = /etc/rabbitmq/definitions.json\n', { mode: 0o644 });
  const overlay = {
    services: {
      postgres: { ports: [`127.0.0.1:${ports.postgres}:5432`] },
      redis: { ports: [`127.0.0.1:${ports.redis}:6379`] },
      rabbitmq: {
        ports: [`127.0.0.1:${ports.rabbitmq}:5672`],
        volumes: [
          `${definitionsFile}:/etc/rabbitmq/definitions.json:ro`,
          `${loadFile}:/etc/rabbitmq/conf.d/20-definitions.conf:ro`,
        ],
      },
    },
  };
  writeFileSync(overlayOf(home), JSON.stringify(overlay, null, 2));
  return composeOf(home);
}

function composeOf(home: Home): string[] {
  const project = `matricula-${createHash('sha256').update(home.path).digest('hex').slice(0, 8)}`;
  return ['compose', '--project-name', project, '--file', composeFile, '--file', overlayOf(home)];
}

/** There is one as long as the home has containers. */
function overlayOf(home: Home): string {
  return home.file('docker-compose.json');
}

function quietly(args: readonly string[]): boolean {
  return spawnSync('docker', args, { stdio: 'ignore', timeout: 10_000 }).status === 0;
}
