import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';

const root = join(import.meta.dirname, '../..');
const charactersMax = 120;

it('comments end where the formatter ends lines of code', () => {
  const files = globSync('{apps,libs,test,tools}/**/*.{ts,tsx,mjs}', { cwd: root });
  const long = files.flatMap((file) =>
    readFileSync(join(root, file), 'utf8')
      .split('\n')
      .flatMap((line, index) =>
        /^\s*(\/\*\*|\*|\/\/) /.test(line) && line.length > charactersMax ? [`${file}:${index + 1}`] : [],
      ),
  );
  expect(long).toEqual([]);
});
