import { once } from 'node:events';
import { type AddressInfo, createServer, Socket } from 'node:net';
import { describe, expect, it, jest } from '@jest/globals';
import { corkEachTurn } from './corked-socket.js';

describe('a corked socket', () => {
  it('sends what one turn wrote in one call, in order, and the next turn’s in another', async () => {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const accepted = once(server, 'connection');
    const socket = new Socket();
    socket.connect((server.address() as AddressInfo).port, '127.0.0.1');
    await once(socket, 'connect');
    const [peer] = (await accepted) as [Socket];
    let received = '';
    peer.on('data', (data) => {
      received += data.toString();
    });
    const together = jest.spyOn(socket as unknown as { _writev(chunks: unknown[]): void }, '_writev');

    corkEachTurn(socket);
    for (const text of ['a', 'b', 'c']) socket.write(text);
    await new Promise((resolve) => setImmediate(resolve));
    for (const text of ['d', 'e']) socket.write(text);
    socket.end();
    await once(peer, 'end');

    expect(received).toBe('abcde');
    expect(together.mock.calls.map(([chunks]) => chunks.length)).toEqual([3, 2]);
    server.close();
  });
});
