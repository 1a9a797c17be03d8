import { globSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import type { RequestContract } from '#contracts/contract.js';
import { withoutAuthor } from './authors.ts';
import { sourceTree } from './source-tree.ts';

const contracts = join(import.meta.dirname, '../../libs/contracts/src');
const modules: readonly Record<string, unknown>[] = await Promise.all(
  globSync('{notifications,payments,promotions,subscriptions}/*.ts', { cwd: contracts })
    .filter((path) => !path.endsWith('.spec.ts'))
    .map((path) => import(join(contracts, path))),
);
/** By their names in the source. */
const commands = new Map(
  modules
    .flatMap((module) => Object.entries(module))
    .filter((entry): entry is [string, RequestContract] => (entry[1] as RequestContract)?.kind === 'command'),
);
const gateway = sourceTree('apps/gateway/src/**/*.ts');

it('every command that a route sends carries its author', () => {
  expect(commands.size).toBeGreaterThan(20);
  expect(withoutAuthor(gateway, new Set(commands.keys()))).toEqual([]);
});

it('every command that a route sends names what it changes', () => {
  const sent = [...gateway.values()].flatMap((text) => [...text.matchAll(/\.request\(\s*(\w+)\s*,/g)]);
  const unnamed = sent.flatMap(([, name = '']) => (commands.get(name)?.subject === undefined ? [name] : []));
  expect(unnamed.filter((name) => commands.has(name))).toEqual([]);
});

it('planted violations are found', () => {
  const planted = new Map([
    ['a.http.ts', 'return this.services.request(approveOrder, { order_id: orderId });'],
    ['b.http.ts', "this.services.request(\n  payOut, { ...body, name: f(a, b), author: 'me' },\n  newCommand(),\n);"],
    ['c.http.ts', 'this.services.request(approveOrder, { order_id: [1, 2] }, command);'],
    ['d.http.ts', "await this.services.request(payOut, { created_by: subject }, partOf(command, 'begin'));"],
    ['e.http.ts', 'this.services.request(getOrder, { order_id: orderId });'],
    ['f.http.spec.ts', 'this.services.request(approveOrder, {});'],
  ]);
  expect(withoutAuthor(planted, new Set(['approveOrder', 'payOut']))).toEqual([
    'a.http.ts: approveOrder',
    'b.http.ts: payOut',
  ]);
});
