import { connect } from 'node:net';

const withinMs = 1_000;

/**
 * Resolves when something listens at the gateway's address. A request would count towards a limit of the gateway, and
 * its port for operations is not for this server.
 */
export function pingGateway({ hostname, port, protocol }: URL): Promise<void> {
  return new Promise((resolve, reject) => {
    const host = hostname.replace(/^\[|\]$/g, '');
    const socket = connect({ host, port: Number(port) || (protocol === 'https:' ? 443 : 80), timeout: withinMs });
    socket.once('connect', () => {
      socket.destroy();
      resolve();
    });
    socket.once('timeout', () => socket.destroy(new Error('no connection in time')));
    socket.once('error', reject);
  });
}
