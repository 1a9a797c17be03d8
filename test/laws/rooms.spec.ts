import { describe, expect, it } from '@jest/globals';
import { ambiguousNames, crowdedFolders, folderCircles, longSpecs } from './rooms.ts';
import { sourceTree, typescript } from './source-tree.ts';

const project = sourceTree(typescript, 'apps/**/*.sql');

describe('a folder', () => {
  it('holds about a dozen files', () => {
    expect(crowdedFolders(project)).toEqual([]);
    const crowd = Array.from({ length: 15 }, (_, index) => [`apps/x/src/orders/file-${index}.ts`, ''] as const);
    expect(crowdedFolders(new Map(crowd))).toEqual(['apps/x/src/orders holds 15 files']);
  });

  it('is in no circle of imports with its neighbours', () => {
    expect(folderCircles(project)).toEqual([]);
  });

  it('is found in a circle when one is planted, type imports included', () => {
    const planted = new Map([
      ['apps/x/src/orders/opening/open-order.ts', `import type { Code } from '../../codes/domain/code.js';`],
      ['apps/x/src/codes/domain/code.ts', ''],
      ['apps/x/src/codes/read-code.ts', `import { Person } from '../persons/person.js';`],
      ['apps/x/src/persons/person.ts', `import { openOrder } from '../orders/opening/open-order.js';`],
      ['apps/x/src/orders/orders.module.ts', `import { openOrder } from './opening/open-order.js';`],
      ['apps/x/src/orders/opening/price.ts', `import { OrdersModule } from '../orders.module.js';`],
    ]);
    expect(folderCircles(planted)).toEqual([
      'apps/x/src/codes → apps/x/src/persons → apps/x/src/orders → apps/x/src/codes',
    ]);
  });
});

it('no two files of an app or a library have one name', () => {
  expect(ambiguousNames(project)).toEqual([]);
  const planted = new Map([
    ['apps/x/src/orders/open.ts', ''],
    ['apps/x/src/receivables/open.ts', ''],
    ['apps/y/src/open.ts', ''],
  ]);
  expect(ambiguousNames(planted)).toEqual(['apps/x: open.ts']);
});

it('a spec has at most 400 lines', () => {
  expect(longSpecs(project)).toEqual([]);
  expect(longSpecs(new Map([['apps/x/src/long.spec.ts', 'line\n'.repeat(401)]]))).toEqual([
    'apps/x/src/long.spec.ts has 401 lines',
  ]);
});
