import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/** One Postgres function of a service: a file that creates or replaces it. */
export interface SqlFunction {
  readonly name: string;
  /** The file's path below the folder that was searched. */
  readonly file: string;
  readonly sql: string;
  /** SHA-256 of the file's text, in hex. */
  readonly hash: string;
}

/**
 * Reads every `.sql` file below `folder`, sorted by path. The SQL in folders called `migrations` runs once: left out.
 * @throws Error when a file holds anything but one `create or replace function`, or is not named as its function
 */
export function readFunctions(folder: string): SqlFunction[] {
  const files = globSync('**/*.sql', { cwd: folder }).filter((file) => !file.split('/').includes('migrations'));
  const functions = files.sort().map((file) => readFunction(folder, file));
  const names = new Set<string>();
  for (const { name, file } of functions) {
    if (names.has(name)) throw new Error(`${file}: another file creates the function ${name} as well`);
    names.add(name);
  }
  return functions;
}

function readFunction(folder: string, file: string): SqlFunction {
  const sql = readFileSync(join(folder, file), 'utf8');
  const name = functionOf(sql);
  if (!name) throw new Error(`${file}: expected exactly one statement, "create or replace function name(…)"`);
  const expected = basename(file, '.sql').replaceAll('-', '_');
  if (name !== expected) throw new Error(`${file}: creates the function ${name}, its name says ${expected}`);
  return { name, file, sql, hash: createHash('sha256').update(sql).digest('hex') };
}

/** Comments, dollar-quoted bodies and strings, inside which a semicolon ends no statement. */
const opaque = /--[^\n]*|\/\*[\s\S]*?\*\/|(\$\w*\$)[\s\S]*?\1|'(?:[^']|'')*'/g;

/** The function that `sql` creates or replaces; undefined when `sql` is anything else than that one statement. */
export function functionOf(sql: string): string | undefined {
  const statements = sql.replace(opaque, ' ').split(';');
  const [statement, ...others] = statements.map((text) => text.trim()).filter((text) => text !== '');
  return others.length > 0 ? undefined : /^create\s+or\s+replace\s+function\s+(\w+)\s*\(/i.exec(statement ?? '')?.[1];
}
