import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { isExampleValue } from '#kernel/example-values.js';

const root = join(import.meta.dirname, '../..');
const files = [
  '.env.example',
  'docker-compose.yml',
  ...globSync(['*.md', 'docs/*.md', 'deploy/**/*.{yaml,yml,md}', '{apps,libs,tools}/**/*.md'], { cwd: root }),
];

/** A value that others must not know, or that says whose tokens are valid. */
const isTrusted = (name: string, value: string) =>
  /SECRETS?$|PASSWORD$|PASS$|KEY$/.test(name) || /^AUTH_(ISSUER|JWKS)$/.test(name) || /:\/\/[^/]*:[^/]*@/.test(value);

/** Every setting that a file gives a value to, as `NAME=value` or `NAME: value`. */
const given = files.flatMap((file) =>
  [...readFileSync(join(root, file), 'utf8').matchAll(/^\s*#?\s*([A-Z][A-Z0-9_]{3,})(?:=|: +)"?([^\s"]+)"?\s*$/gm)]
    .map(([, name = '', value = '']) => ({ file, name, value }))
    .filter(({ name, value }) => isTrusted(name, value) && !value.includes('${')),
);

describe('the examples', () => {
  it('are found', () => {
    expect(given.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['DATABASE_URL', 'AMQP_URL', 'AUTH_ISSUER', 'AUTH_JWKS', 'CONVERSIONS_SECRETS']),
    );
  });

  it.each(given)('have in $file no $name that a service would accept in production', ({ value }) => {
    expect(isExampleValue(value)).toBe(true);
  });
});
