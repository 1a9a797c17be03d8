import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { TLSSocket } from 'node:tls';

/** The authority of the certificates here, for `NODE_EXTRA_CA_CERTS`. They and their keys are for tests alone. */
export const authorityFile = join(import.meta.dirname, 'ca.crt');

export interface TlsServer {
  /** The URL of the server behind it, with `localhost` and this port. */
  urlOf(scheme: string): URL;
  /** Connections over TLS, whose client has accepted the certificate. */
  readonly encrypted: number;
  /** Connections of clients that spoke plain text. */
  readonly plain: number;
  close(): void;
}

/** PostgreSQL's SSLRequest (§55.7 of its manual): a length of 8, and this code. The answer `S` begins TLS. */
const sslRequestCode = 80_877_103;
/** The first byte of a TLS handshake, RFC 8446 §5.1. */
const handshake = 22;

/**
 * A server of the tests behind TLS, on the loopback interface. Its certificate has the name that its clients use, or
 * another one. Clients that speak plain text are disconnected.
 */
export async function tlsServer(behind: URL, name: 'localhost' | 'elsewhere' = 'localhost'): Promise<TlsServer> {
  const read = (file: string) => readFileSync(join(import.meta.dirname, file));
  const certificate = { cert: read(`${name}.crt`), key: read(`${name}.key`) };
  const counts = { encrypted: 0, plain: 0 };
  const sockets = new Set<Socket>();
  const server = createServer((socket) => void serve(socket).catch(() => socket.destroy()));

  async function serve(socket: Socket): Promise<void> {
    sockets.add(socket);
    socket.on('error', () => {});
    const [first] = (await once(socket, 'data')) as [Buffer];
    socket.pause();
    const asksForTls = first.length === 8 && first.readInt32BE(4) === sslRequestCode;
    if (asksForTls) socket.write('S');
    else if (first[0] === handshake) socket.unshift(first);
    else {
      counts.plain += 1;
      socket.destroy();
      return;
    }
    const secure = new TLSSocket(socket, { isServer: true, ...certificate });
    secure.on('error', () => socket.destroy());
    // A client that refuses the certificate disconnects instead of sending anything.
    const [sent] = (await once(secure, 'data')) as [Buffer];
    counts.encrypted += 1;
    secure.pause();
    secure.unshift(sent);
    const upstream = connect(Number(behind.port), behind.hostname);
    sockets.add(upstream);
    upstream.on('error', () => secure.destroy());
    secure.pipe(upstream).pipe(secure);
  }

  server.listen(0, 'localhost');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    urlOf: (scheme) => new URL(behind.href.replace(/^[a-z]+:/, `${scheme}:`).replace(behind.host, `localhost:${port}`)),
    get encrypted() {
      return counts.encrypted;
    },
    get plain() {
      return counts.plain;
    },
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
