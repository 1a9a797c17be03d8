import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';
import { root } from '../../tools/workspace/root.ts';

const run = promisify(execFile);

it('each row of the benches runs', async () => {
  const { stdout } = await run(process.execPath, [join(root, 'tools', 'bench', 'bench.ts'), '--smoke'], { cwd: root });
  const groups = new Set(stdout.split('\n').map((line) => line.split(/\s+/)[0]));
  const wanted = ['ledger', 'webhooks', 'orders', 'promotions', 'system', 'latency', 'hostile', 'console'];
  expect([...groups]).toEqual(expect.arrayContaining(wanted));
});
