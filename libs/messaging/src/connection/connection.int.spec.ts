import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { type TcpProxy, tcpProxy } from '../../../../test/support/servers/tcp-proxy.js';
import { testBrokerUrl } from '../../../../test/support/servers/test-broker.js';
import { BrokerUnavailable } from '../faults.js';
import { BrokerConnection, SupervisedChannel } from './connection.js';

let line: TcpProxy;
let connection: BrokerConnection;

beforeEach(async () => {
  Logger.overrideLogger(false);
  line = await tcpProxy(testBrokerUrl());
  connection = new BrokerConnection(line.url, 'connection under test');
  await connection.open();
  await connection.whenConnected();
});
afterEach(async () => {
  await connection.close();
  await line.close();
});

describe('work on a channel of its own', () => {
  it('ends when the broker falls silent before the channel is closed', async () => {
    const work = connection.withChannel(async () => {
      line.hang();
      return 'done';
    });
    expect(await work).toBe('done');
  });

  it('fails when the broker is silent from the beginning, and succeeds when it answers again', async () => {
    line.hang();
    await expect(connection.withChannel(async () => 'done')).rejects.toBeInstanceOf(BrokerUnavailable);
    line.mend();
    expect(await connection.withChannel(async () => 'done')).toBe('done');
  });

  it('fails when the connection is lost meanwhile', async () => {
    const work = connection.withChannel((channel) => {
      line.cut();
      return channel.assertQueue('', { exclusive: true });
    });
    await expect(work).rejects.toBeInstanceOf(BrokerUnavailable);
  });
});

describe('a connection', () => {
  it('that is closed while it is being made leaves nothing behind that fails later', async () => {
    for (let pauseMs = 0; pauseMs < 20; pauseMs++) {
      const another = new BrokerConnection(line.url, 'closed early');
      line.hang();
      await another.open();
      await sleep(20);
      const closing = another.close();
      line.mend();
      await sleep(pauseMs);
      // The broker falls silent at some moment of the handshake or of the end, and then the line breaks.
      line.hang();
      await sleep(5);
      line.cut();
      await closing;
      line.mend();
    }
    await sleep(100);
  });
});

describe('a supervised channel', () => {
  it('is replaced when its consumer is cancelled before the set-up has ended', async () => {
    const queue = `cancelled-${randomUUID()}`;
    let setUps = 0;
    const channel = new SupervisedChannel(connection, {
      name: 'under test',
      setup: async (opened) => {
        setUps++;
        await opened.assertQueue(queue, { autoDelete: true });
        const cancelled = new Promise<void>((resolve) => {
          void opened.consume(queue, (message) => {
            if (message) return;
            channel.reopen('the broker cancelled the consumer');
            resolve();
          });
        });
        if (setUps > 1) return;
        await connection.withChannel((another) => another.deleteQueue(queue));
        await cancelled;
      },
    });
    channel.open();
    const ready = await channel.ready(5_000);
    expect(setUps).toBe(2);
    expect((await ready.checkQueue(queue)).consumerCount).toBe(1);
    await channel.close();
  });
});
