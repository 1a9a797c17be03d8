import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { Home } from '../workspace/home.ts';
import { serviceSettings } from './settings.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'matricula-settings-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const urls = { DATABASE_URL: 'postgres://here', REDIS_URL: 'redis://here', AMQP_URL: 'amqp://here' };
const ports = { gateway: 1, payments: 2, ops: 3, subscriptions: 4, promotions: 5 };

it('services of the launcher run for development, even if the shell is set otherwise', () => {
  const given = { NODE_ENV: 'production', LOG_LEVEL: 'debug', DATABASE_URL: 'postgres://elsewhere' };
  const settings = serviceSettings(new Home(folder), given, urls, ports);
  expect(settings).toMatchObject({ NODE_ENV: 'development', LOG_LEVEL: 'debug', ...urls, PAYMENTS_PORT: '2' });
});
