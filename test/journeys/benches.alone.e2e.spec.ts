import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';
import { root } from '../../tools/workspace/root.ts';

const run = promisify(execFile);

/** Those that use parts of services in their own process: what they use may change without their notice. */
const wanted = ['ledger', 'quotes', 'promotions'];

it('the rows of the benches run', async () => {
  const bench = join(root, 'tools', 'bench', 'bench.ts');
  const { stdout } = await run(process.execPath, [bench, ...wanted, '--smoke'], { cwd: root });
  const groups = new Set(stdout.split('\n').map((line) => line.split(/\s+/)[0]));
  expect([...groups]).toEqual(expect.arrayContaining(wanted));
});
