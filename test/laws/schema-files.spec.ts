import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { functionOf } from '#persistence/functions/function-files.js';

const root = join(import.meta.dirname, '../..');
const linesMax = 70;

/** Files of the project, by path. */
type Files = Readonly<Record<string, string>>;

function read(pattern: string): Files {
  const paths = globSync(pattern, { cwd: root, exclude: ['**/node_modules/**', 'dist/**'] });
  return Object.fromEntries(paths.map((path) => [path, readFileSync(join(root, path), 'utf8')]));
}

function offenders(files: Files, breaks: (text: string, path: string) => boolean): string[] {
  return Object.keys(files).filter((path) => breaks(files[path] as string, path));
}

/** `from '…'`, `import '…'` and `import('…')`. */
const imported = /(?:\bfrom|\bimport)\s*\(?\s*['"]([^'"]+)['"]/g;

/** A migration is run on databases of any age: it must not change when the code of the service does. */
const migrationsImportingCode = (files: Files) =>
  offenders(files, (text) =>
    [...text.matchAll(imported)].some(([, name = '']) => name !== '@mikro-orm/migrations' && !name.startsWith('node:')),
  );

const longFunctions = (files: Files) => offenders(files, (text) => text.trimEnd().split('\n').length > linesMax);

const assembledSql = (files: Files) => offenders(files, (text) => text.includes('${'));

const misnamedFunctions = (files: Files) =>
  offenders(files, (text, path) => functionOf(text)?.replaceAll('_', '-') !== /([^/]+)\.sql$/.exec(path)?.[1]);

const isMigration = (path: string) => path.includes('/migrations/');
const sqlFiles = read('{apps,libs,test}/**/*.sql');
const functionFiles = Object.fromEntries(
  Object.entries(sqlFiles).filter(([path]) => path.startsWith('apps/') && !isMigration(path)),
);
const services = globSync('apps/*/src/migrations', { cwd: root }).map((path) => path.split('/')[1] as string);

describe('migrations', () => {
  it.each(services)('of %s import nothing of the project', (service) => {
    const found = migrationsImportingCode(read(`apps/${service}/src/migrations/*.migration.ts`));
    expect(found).toEqual([]);
  });

  it('are caught when they import code of the service, of a library or of the ORM', () => {
    expect(
      migrationsImportingCode({
        clean: `import { readFileSync } from 'node:fs';\nimport { Migration } from '@mikro-orm/migrations';`,
        neighbour: `import { Migration } from '@mikro-orm/migrations';\nimport { functions } from './functions.js';`,
        library: `import { messagingTables } from '#messaging/tables.js';`,
        dynamic: `const { limits } = await import('../limits.js');`,
        reexported: `export * from '@mikro-orm/core';`,
      }),
    ).toEqual(['neighbour', 'library', 'dynamic', 'reexported']);
  });
});

describe('files of SQL', () => {
  it('hold SQL that can be pasted as it is', () => {
    expect(assembledSql(sqlFiles)).toEqual([]);
  });

  it('are caught when something else has to fill them in', () => {
    expect(assembledSql({ clean: 'select $1', assembled: ['select $', '{column}'].join('') })).toEqual(['assembled']);
  });
});

describe('files of SQL functions', () => {
  it.each(services)(`of %s have at most ${linesMax} lines`, (service) => {
    const found = longFunctions(functionFiles).filter((path) => path.startsWith(`apps/${service}/`));
    expect(found).toEqual([]);
  });

  it('hold one function each and are named as it', () => {
    expect(misnamedFunctions(functionFiles)).toEqual([]);
  });

  it('are caught when they are too long', () => {
    expect(longFunctions({ clean: `${'select\n'.repeat(linesMax)}\n`, long: 'select\n'.repeat(linesMax + 1) })).toEqual(
      ['long'],
    );
  });

  it('are caught when they are misnamed or hold more than one statement', () => {
    const one = `create or replace function one() returns int language sql as 'select 1';`;
    expect(
      misnamedFunctions({ 'apps/a/one.sql': one, 'apps/a/two.sql': one, 'apps/b/one.sql': `${one} drop table t` }),
    ).toEqual(['apps/a/two.sql', 'apps/b/one.sql']);
  });
});
