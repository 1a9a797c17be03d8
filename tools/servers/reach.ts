import { connect } from 'node:net';
import { CliError } from '../terminal.ts';
import { type ServerName, urlVariable } from './server.ts';

const usualPort: Readonly<Record<ServerName, number>> = { postgres: 5432, redis: 6379, rabbitmq: 5672 };

/** Says at once that a server of the user's own does not answer, before everything that needs it waits for it. */
export async function mustAnswer(name: ServerName, url: string): Promise<void> {
  const { hostname, port } = new URL(url);
  const place = { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) || usualPort[name] };
  const reached = await new Promise<boolean>((resolve) => {
    const socket = connect({ ...place, timeout: 3_000 });
    const answer = (reachable: boolean) => () => {
      socket.destroy();
      resolve(reachable);
    };
    socket.once('connect', answer(true)).once('error', answer(false)).once('timeout', answer(false));
  });
  if (!reached)
    throw new CliError(`${urlVariable[name]} names ${place.host}:${place.port}, and nothing answers there.`);
}
