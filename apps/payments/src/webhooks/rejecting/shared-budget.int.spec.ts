import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { testRedisUrl } from '../../../../../test/support/servers/test-redis.js';
import { SharedBudget } from './shared-budget.js';

describe('a budget', () => {
  it('is shared by all instances', async () => {
    const [here, there] = [new SharedBudget(testRedisUrl()), new SharedBudget(testRedisUrl())];
    await Promise.all([here.ready(), there.ready()]);
    const key = randomUUID();
    const spent = [];
    for (const budget of [here, there, here, there]) spent.push(await budget.spend(key, 3));
    expect(spent).toEqual([true, true, true, false]);
    here.onApplicationShutdown();
    there.onApplicationShutdown();
  });

  it('holds for each instance by itself while Redis is away', async () => {
    const alone = new SharedBudget('redis://127.0.0.1:1');
    const key = randomUUID();
    const spent = [];
    for (let time = 0; time < 4; time += 1) spent.push(await alone.spend(key, 2));
    expect(spent).toEqual([true, true, false, false]);
    alone.onApplicationShutdown();
  });
});
