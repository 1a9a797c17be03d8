import type { Socket } from 'node:net';

/**
 * Sends everything that is written in one turn of the event loop in one system call. amqplib writes each message,
 * acknowledgement and reply by itself; for hundreds of messages the calls would cost more than their content. Nothing
 * is delayed: the bytes are sent before the turn ends.
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
