import { once } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { testRedisUrl } from '../../../test/support/servers/test-redis.js';
import { workerConnection } from './redis.js';

const timers = () => process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;

describe('a connection of workers', () => {
  it('disconnects at once when it and its copies have ended', async () => {
    const redis = workerConnection(testRedisUrl());
    for (const connection of [redis.duplicate(), redis]) {
      await connection.ping();
      await Promise.all([once(connection, 'end'), connection.quit()]);
    }
    const before = timers();
    redis.disconnectAll();
    expect(timers()).toBe(before);
  });
});
