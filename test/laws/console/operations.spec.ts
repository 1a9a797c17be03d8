import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { sourceTree } from '../source-tree.ts';
import { operationsIn } from './routes.ts';

/** Operations that no page calls, each with its reason. */
const withoutPage: Readonly<Record<string, string>> = {
  registerPerson: 'the server of the console registers a member at the first sign-in',
  getOwnPerson: 'the server of the console finds the person of a member at the sign-in',
  explainOrder: 'for programs; the page of an order has all of it',
  explainSubscription: 'for programs; the page of a subscription has all of it',
  issueStreamTicket: 'for pages of other origins; the console streams with its session',
  validate: 'for clients without a class; the quote of a class has the verdict of the codes',
  getOffer: 'the list of offers has everything of each',
};

const document = JSON.parse(readFileSync(join(import.meta.dirname, '../../../docs/openapi.json'), 'utf8')) as {
  paths: Record<string, Record<string, { operationId?: string }>>;
};
const operations = Object.values(document.paths)
  .flatMap((methods) => Object.values(methods))
  .flatMap(({ operationId }) => operationId ?? []);
const pages = sourceTree('apps/console/web/src/{screens,shell,why,forms,states}/**/*.{ts,tsx}');

it('each operation of the API is called by a page, or stands on the list with its reason', () => {
  const called = operationsIn(pages, operations);
  expect(called.size).toBeGreaterThan(50);
  expect(operations.filter((operation) => !called.has(operation)).sort()).toEqual(Object.keys(withoutPage).sort());
});

it('an operation is found by its name in quotes', () => {
  const planted = new Map([['page.tsx', `useAsk('getOrder', { path: { id } })`]]);
  expect([...operationsIn(planted, ['getOrder', 'getOrderMoney'])]).toEqual(['getOrder']);
});
