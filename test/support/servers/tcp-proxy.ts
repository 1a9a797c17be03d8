import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface TcpProxy {
  /** The server's address, by way of the proxy. */
  readonly url: string;
  /** Resets every connection and refuses new ones: the server is away. */
  cut(): void;
  /** Keeps connections open and lets nothing through: the server hangs. */
  hang(): void;
  /**
   * Connections that exist stay open and never carry another byte; new ones work: a silent partition.
   */
  swallow(): void;
  /** Everything is as it should be again. What hung goes on. */
  mend(): void;
  close(): Promise<void>;
}

/** Stands between a client and a real server, and breaks the line as a network does. */
export async function tcpProxy(serverUrl: string | URL): Promise<TcpProxy> {
  const target = new URL(serverUrl);
  const sockets = new Set<Socket>();
  let state: 'open' | 'cut' | 'hanging' = 'open';

  const server = createServer((client) => {
    if (state === 'cut') {
      client.resetAndDestroy();
      return;
    }
    const upstream = connect(Number(target.port), target.hostname);
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
      from.on('data', (bytes) => to.write(bytes));
      if (state === 'hanging') from.pause();
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(target);
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as AddressInfo).port);

  const reset = () => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  return {
    url: url.href,
    cut() {
      state = 'cut';
      reset();
    },
    hang() {
      state = 'hanging';
      for (const socket of sockets) socket.pause();
    },
    swallow() {
      for (const socket of sockets) socket.removeAllListeners('data').resume();
    },
    mend() {
      state = 'open';
      for (const socket of sockets) socket.resume();
    },
    async close() {
      state = 'cut';
      reset();
      server.close();
      await once(server, 'close');
    },
  };
}
