import { expect, it } from '@jest/globals';
import { screens } from '../../../tools/screens/list/all.ts';
import { sourceTree } from '../source-tree.ts';
import { routesOf } from './routes.ts';

const routes = routesOf(sourceTree('apps/console/web/src/screens/**/routes.ts'));

it('every route of the console is a screen that tests and pictures see, and there are no others', () => {
  expect(routes.length).toBeGreaterThan(0);
  const listed = new Set(screens.map(({ route }) => route));
  expect(routes.filter((route) => !listed.has(route))).toEqual([]);
  expect([...listed].filter((route) => !routes.includes(route))).toEqual([]);
});

it('a screen has a name of its own, and a path where its route has parameters', () => {
  const names = screens.map(({ name }) => name);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  expect(screens.filter(({ route, path }) => route.includes('$') && !path)).toEqual([]);
});

it('a route is found by its path', () => {
  const planted = new Map([
    ['routes.ts', `createRoute({ getParentRoute: () => rootRoute, path: '/orders/$orderId' })`],
  ]);
  expect(routesOf(planted)).toEqual(['/orders/$orderId']);
});
