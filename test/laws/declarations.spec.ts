import { expect, it } from '@jest/globals';
import { longConstructors, undocumentedExports } from './declarations.ts';
import { sourceTree } from './source-tree.ts';

const project = sourceTree('{apps,libs}/**/*.ts');

it('what libraries, domain and use cases export carries a docstring', () => {
  expect(undocumentedExports(project)).toEqual([]);
});

it('an export without a docstring is found', () => {
  const planted = new Map([
    [
      'libs/kernel/src/money.ts',
      '/** Adds. */\nexport function add() {}\nexport function subtract() {}\nfunction own() {}',
    ],
    ['apps/x/src/orders/domain/order.ts', 'export class Order {}'],
    ['apps/x/src/orders/open-order.ts', 'export class OpenOrder {\n  execute() {}\n}'],
    ['apps/x/src/orders/order-view.ts', 'export function orderView() {}'],
    ['libs/kernel/src/money.spec.ts', 'export function fixture() {}'],
  ]);
  expect(undocumentedExports(planted)).toEqual([
    'libs/kernel/src/money.ts: subtract',
    'apps/x/src/orders/domain/order.ts: Order',
    'apps/x/src/orders/open-order.ts: OpenOrder',
  ]);
});

it('a constructor takes at most five parameters', () => {
  expect(longConstructors(project)).toEqual([]);
  const planted = new Map([
    ['apps/x/src/a.ts', 'class A {\n  constructor(a, b, c, d, e, f) {}\n}\nclass B {\n  constructor(a) {}\n}'],
  ]);
  expect(longConstructors(planted)).toEqual(['apps/x/src/a.ts: A takes 6']);
});
