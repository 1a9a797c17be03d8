import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';

const root = join(import.meta.dirname, '../..');

it('the benches load built files that have a source', () => {
  const paths = globSync('tools/**/*.ts', { cwd: root }).flatMap((file) =>
    [...readFileSync(join(root, file), 'utf8').matchAll(/'((?:apps|libs)\/[\w/.-]+)\.js'/g)].map(([, path]) => path),
  );
  expect(paths.length).toBeGreaterThan(10);
  expect(paths.filter((path) => !existsSync(join(root, `${path}.ts`)))).toEqual([]);
});
