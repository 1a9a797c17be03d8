import type { Socket } from 'node:net';

/**
 * Lets everything that is written in one turn of the event loop leave in one system call. amqplib writes each message,
 * acknowledgement and reply by itself; for a window of hundreds the calls cost more than all that they carry.
 * Nothing waits for company: what was written leaves before the turn ends.
 */
export function corkEachTurn(socket: Pick<Socket, 'write' | 'cork' | 'uncork'>): void {
  const write = socket.write.bind(socket) as (...args: unknown[]) => boolean;
  let corked = false;
  const uncork = () => {
    corked = false;
    socket.uncork();
  };
  socket.write = (...args: unknown[]) => {
    if (!corked) {
      corked = true;
      socket.cork();
      process.nextTick(uncork);
    }
    return write(...args);
  };
}
