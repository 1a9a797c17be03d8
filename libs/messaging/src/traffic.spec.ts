import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Module } from '@nestjs/common';
import { EventPattern, MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { fact, query } from '#contracts/contract.js';
import { actualTraffic, declaredTraffic } from './traffic.js';

const data = z.object({});
const about = 'For tests.';
const paid = fact({ type: 'payments.money-paid.v1', producer: 'payments', consumers: ['subscriptions'], about, data });
const gone = fact({ type: 'payments.money-gone.v2', producer: 'payments', consumers: [], about, data });
const opened = fact({
  type: 'subscriptions.order-opened.v1',
  producer: 'subscriptions',
  consumers: ['payments'],
  about,
  data,
});
const look = query({ type: 'payments.look.v1', service: 'payments', about, request: data, response: data });
const catalogue = { facts: [paid, gone, opened], requests: [look] };

@Controller()
class Listening {
  @EventPattern<string>(opened.type)
  onOpened() {}

  @MessagePattern<string>(look.type)
  look() {}

  other() {}
}

@Module({ controllers: [Listening] })
class Inner {}

@Module({ imports: [Promise.resolve({ module: Inner })] })
class App {}

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'traffic-'));
  await writeFile(
    join(folder, 'pay.ts'),
    `import { moneyPaid, moneyGoneV2 } from '#contracts/payments.js';
     // moneyGoneV2 is not told here
     const sql = \`select '\${moneyPaid.type}'\`;`,
  );
  await writeFile(join(folder, 'orders.consumer.ts'), `@EventPattern<string>(orderOpened.type)`);
});
afterAll(() => rm(folder, { recursive: true }));

describe('the traffic of an app', () => {
  it('is what its controllers listen to and its sources tell', async () => {
    expect(await actualTraffic(App, folder, catalogue)).toEqual({
      hears: ['subscriptions.order-opened.v1'],
      answers: ['payments.look.v1'],
      tells: ['payments.money-paid.v1'],
    });
  });

  it('differs from the catalogue when a fact that is declared is told by nobody', async () => {
    const declared = declaredTraffic('payments', catalogue);
    expect(declared).toEqual({
      hears: ['subscriptions.order-opened.v1'],
      answers: ['payments.look.v1'],
      tells: ['payments.money-gone.v2', 'payments.money-paid.v1'],
    });
    await writeFile(join(folder, 'lose.ts'), `fact(moneyGoneV2, { subject })`);
    expect(await actualTraffic(App, folder, catalogue)).toEqual(declared);
  });
});
