import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { functionOf, readFunctions } from './function-files.js';

const one = `create or replace function one() returns int language sql as 'select 1'`;

describe('the files of functions', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'functions-'));
  });

  afterEach(() => rm(folder, { recursive: true }));

  const write = async (path: string, sql: string) => {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), sql);
  };

  it('are read from all folders but those of migrations, in the order of their paths', async () => {
    await write('z/one.sql', one);
    await write('a/add-two.sql', one.replace('one', 'add_two'));
    await write('migrations/baseline.sql', 'create table t (); create table u ()');
    expect(readFunctions(folder).map(({ name, file }) => [name, file])).toEqual([
      ['add_two', 'a/add-two.sql'],
      ['one', 'z/one.sql'],
    ]);
  });

  it('are refused when a file is not named as its function', async () => {
    await write('two.sql', one);
    expect(() => readFunctions(folder)).toThrow('two.sql: creates the function one, its name says two');
  });

  it('are refused when a function has two files', async () => {
    await write('a/one.sql', one);
    await write('b/one.sql', one);
    expect(() => readFunctions(folder)).toThrow('b/one.sql: another file creates the function one as well');
  });

  it('are refused when a file holds more than its function', async () => {
    await write('one.sql', `${one};\ngrant execute on function one() to public;`);
    expect(() => readFunctions(folder)).toThrow('one.sql: expected exactly one statement');
  });
});

describe('a statement that creates a function', () => {
  it('may have comments before it, and semicolons in its body and in strings', () => {
    const sql = `-- First; a remark.\n/* create table t; */
      create or replace function add_one(value int, note text default ';') returns int language plpgsql as $body$
      begin
        -- and another;
        return value + 1;
      end $body$;`;
    expect(functionOf(sql)).toBe('add_one');
  });

  it('has to replace the function', () => {
    expect(functionOf(`create function one() returns int language sql as 'select 1'`)).toBeUndefined();
  });
});
