import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Home } from '../workspace/home.ts';
import { ContainerServer, removeContainers } from './docker.ts';
import { arrangedServers } from './servers.ts';

/** Like Postgres's image, it lets in only the password that the volume was made with. Each project has one volume. */
const docker = `#!/bin/sh
echo "$*" >> "$(dirname "$0")/calls"
volume="$(dirname "$0")/volume-$3"
case "$*" in
  *' down --volumes') rm -f "$volume" ;;
  *' up '*)
    [ -e "$volume" ] || echo "$POSTGRES_PASSWORD" > "$volume"
    [ "$(cat "$volume")" = "$POSTGRES_PASSWORD" ] || { echo 'password authentication failed' >&2; exit 1; } ;;
esac
`;
const deadDocker = "#!/bin/sh\necho 'Cannot connect to the Docker daemon' >&2; exit 1\n";

const { PATH } = process.env;
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'matricula-docker-'));
  process.env.PATH = `${folder}:${PATH}`;
  place(docker);
});

afterEach(() => {
  process.env.PATH = PATH;
  rmSync(folder, { recursive: true });
});

function place(program: string): void {
  writeFileSync(join(folder, 'docker'), program, { mode: 0o755 });
}

function homeCalled(name: string): Home {
  return new Home(join(folder, name));
}

async function start(home: Home): Promise<void> {
  home.write('servers.json', { ports: { postgres: 1, redis: 2, rabbitmq: 3 }, vhosts: ['/'], tools: 'docker' });
  const server = arrangedServers(home, ['postgres']).get('postgres');
  expect(server).toBeInstanceOf(ContainerServer);
  await server?.start();
}

const calls = () => (existsSync(join(folder, 'calls')) ? readFileSync(join(folder, 'calls'), 'utf8').split('\n') : []);

describe('a home whose servers are containers', () => {
  it('begins anew once it was forgotten', async () => {
    const home = homeCalled('home');
    await start(home);
    await start(home);
    removeContainers(home);
    home.forget();
    await start(homeCalled('home'));
  });

  it('keeps its containers from being removed by another', async () => {
    const [one, other] = [homeCalled('one'), homeCalled('other')];
    await start(one);
    await start(other);
    removeContainers(other);
    one.remove('server-password.json');
    await expect(start(one)).rejects.toThrow('password authentication failed');
  });

  it('is not forgotten while Docker does not answer', async () => {
    const home = homeCalled('home');
    await start(home);
    place(deadDocker);
    expect(() => removeContainers(home)).toThrow('Cannot connect to the Docker daemon');
    place(docker);
    removeContainers(home);
    expect(calls().at(-2)).toMatch(/ down --volumes$/);
  });
});

describe('a home that never had containers', () => {
  it('needs no Docker to be forgotten', () => {
    place(deadDocker);
    removeContainers(homeCalled('home'));
    expect(calls()).toEqual([]);
  });
});
