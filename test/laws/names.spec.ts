import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, it } from '@jest/globals';

const root = join(import.meta.dirname, '../..');

/** `open-order.ts` holds `OpenOrder`, `orders.consumer.ts` holds `OrdersConsumer`. */
function classOf(file: string): string {
  const words = basename(file, '.ts').split(/[-.]/);
  return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}

it('use cases, consumers, jobs and stores are classes that are called as their files are', () => {
  const astray = globSync('apps/*/src/**/*.ts', { cwd: root }).flatMap((file) => {
    const text = readFileSync(join(root, file), 'utf8');
    const isOne = /\.(consumer|job|store)\.ts$/.test(file) || /^ {2}(async )?execute\(/m.test(text);
    if (!isOne || file.endsWith('.spec.ts')) return [];
    const classes = [...text.matchAll(/^export class (\w+)/gm)].map(([, name]) => name);
    return classes.includes(classOf(file)) ? [] : [`${file} has no class ${classOf(file)}`];
  });
  expect(astray).toEqual([]);
});
