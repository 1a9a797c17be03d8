import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Hindrance } from '../terminal.ts';
import { root } from '../workspace/root.ts';
import { definitions } from './rabbitmq.ts';
import { type PrivateServer, type ServerName, type ServerSettings, serverUrl } from './server.ts';

export function dockerAnswers(): boolean {
  return quietly(['info']) && quietly(['compose', 'version']);
}

/** A server of docker-compose.yml, under a project name and on ports of this clone. */
export class ContainerServer implements PrivateServer {
  readonly name: ServerName;
  readonly url: string;
  readonly #compose: readonly string[];
  readonly #env: NodeJS.ProcessEnv;

  constructor(name: ServerName, settings: ServerSettings) {
    this.name = name;
    this.url = serverUrl(name, settings);
    this.#compose = composeFor(settings);
    const { password } = settings;
    this.#env = { ...process.env, POSTGRES_PASSWORD: password, REDIS_PASSWORD: password, RABBITMQ_PASSWORD: password };
  }

  async start(): Promise<void> {
    this.#run('up', '--detach', '--wait', this.name);
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

  #run(...args: string[]): void {
    const { status, stderr } = this.#docker(...args);
    if (status !== 0) throw new Hindrance(`docker compose ${args.join(' ')} failed: ${stderr.trim()}`);
  }

  #docker(...args: string[]) {
    return spawnSync('docker', [...this.#compose, ...args], { cwd: root, env: this.#env, encoding: 'utf8' });
  }
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
  const overlayFile = join(home.path, 'docker-compose.json');
  writeFileSync(overlayFile, JSON.stringify(overlay, null, 2));
  const project = `matricula-${createHash('sha256').update(home.path).digest('hex').slice(0, 8)}`;
  return ['compose', '--project-name', project, '--file', join(root, 'docker-compose.yml'), '--file', overlayFile];
}

function quietly(args: readonly string[]): boolean {
  return spawnSync('docker', args, { stdio: 'ignore', timeout: 10_000 }).status === 0;
}
