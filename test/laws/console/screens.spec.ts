import { expect, it } from '@jest/globals';
import { screens } from '../../../tools/screens/list/all.ts';
import { sourceTree } from '../source-tree.ts';
import { parametersOf, routesOf } from './routes.ts';

const tree = sourceTree('apps/console/web/src/screens/**/routes.ts');
const routes = routesOf(tree);

/** Parameters that leave nothing out of what is shown: the place in a list, its order, one of several views. */
const noFilters = new Set(['after', 'sort', 'tab', 'part', 'version', 'with']);
/** Parameters of one route that are no filters, with what they are. */
const otherParameters: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '/classes/$id': { codes: 'the promo codes of the order' },
  '/orders/$id': { paid: 'how the way to the provider ended' },
  '/account': { day: 'the day of the balances' },
  '/persons/$id': { day: 'the day of the balances', currency: 'as on the page of the account, which shows it' },
  '/admin-orders': { queue: 'one of several views' },
  '/suspense': { state: 'one of several views' },
  '/quarantined': { state: 'one of several views' },
  '/hand-payments': { order: 'fills the form', person: 'fills the form', method: 'fills the form' },
  '/find-money': { search: 'nothing is shown without it' },
  '/admin/webhooks/$endpointId': { delivery: 'opens one of them' },
  '/admin/conversions': { id: 'nothing is shown without it', sender: 'whose conversion it is' },
  '/admin/promo-codes/$codeId': { at: 'the instant of the simulator' },
};

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

it('every filter of a route is set to nothing by a screen of it', () => {
  const known = (route: string) => [
    ...screens.filter((screen) => screen.route === route).flatMap(({ filters = {} }) => Object.keys(filters)),
    ...Object.keys(otherParameters[route] ?? {}),
  ];
  const parameters = parametersOf(tree);
  expect([...parameters.keys()].sort()).toEqual([...routes].sort());
  const missing = [...parameters].map(([route, names]) => {
    return [route, names.filter((name) => !noFilters.has(name) && !known(route).includes(name))];
  });
  expect(missing.filter(([, names]) => names?.length)).toEqual([]);
});

it('a route is found by its path', () => {
  const planted = new Map([
    ['routes.ts', `createRoute({ getParentRoute: () => rootRoute, path: '/orders/$orderId' })`],
  ]);
  expect(routesOf(planted)).toEqual(['/orders/$orderId']);
});

it('the parameters of a route are found by how they are read', () => {
  const planted = `createRoute({ path: '/a', validateSearch: (search) => ({ after: cursorIn(search.after),
    kind: oneOf(['x', 'y'] as const, search.kind) }), component: lazy(() => import('./a.tsx')) });
    createRoute({ path: '/b', component: B })`;
  expect([...parametersOf(new Map([['routes.ts', planted]]))]).toEqual([
    ['/a', ['after', 'kind']],
    ['/b', []],
  ]);
});
