import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { loadWords } from '../../messages/catalogue.ts';
import { adminClassesWords, classesWords, rulesWords, sentenceWords } from '../../messages/words.ts';
import { rootRoute } from '../../shell/root-route.ts';
import { cursorIn, oneOf, type SearchInput } from '../../shell/search-params.ts';
import { ruleShows } from './params.ts';

/** They are one chunk, and one import keeps the list of its files once in what every page loads. */
const screens = () => import('./screens.ts');

const readers = { roles: ['admin', 'ops'] } as const;
const admins = { roles: ['admin'] } as const;
const list = (search: SearchInput): { after?: string } => ({ after: cursorIn(search.after) });
const loadRules = () => Promise.all([rulesWords, sentenceWords].map((words) => loadWords(words as never)));
const loadClasses = () => {
  return Promise.all(
    [adminClassesWords, classesWords, rulesWords, sentenceWords].map((words) => loadWords(words as never)),
  );
};
const versionIn = (value: unknown) =>
  Number.isSafeInteger(Number(value)) && Number(value) > 0 ? Number(value) : undefined;

const typesRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/parameter-types',
  staticData: readers,
  validateSearch: list,
  loader: loadRules,
  component: lazyRouteComponent(screens, 'ParameterTypesScreen'),
});

const newTypeRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/parameter-types/new',
  staticData: admins,
  loader: loadRules,
  component: lazyRouteComponent(screens, 'NewParameterTypeScreen'),
});

const typeRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/parameter-types/$name',
  staticData: readers,
  loader: loadRules,
  component: lazyRouteComponent(screens, 'ParameterTypeScreen'),
});

const rulesRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/rules',
  staticData: readers,
  validateSearch: (search: SearchInput): { after?: string; show?: (typeof ruleShows)[number] } => ({
    ...list(search),
    show: oneOf(ruleShows, search.show),
  }),
  loader: loadRules,
  component: lazyRouteComponent(screens, 'RulesScreen'),
});

const newRuleRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/rules/new',
  staticData: admins,
  loader: loadRules,
  component: lazyRouteComponent(screens, 'NewRuleScreen'),
});

const ruleRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/rules/$id',
  staticData: readers,
  validateSearch: (search: SearchInput): { version?: number; with?: number } => ({
    version: versionIn(search.version),
    with: versionIn(search.with),
  }),
  loader: loadRules,
  component: lazyRouteComponent(screens, 'RuleScreen'),
});

const nextVersionRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/rules/$id/next',
  staticData: admins,
  loader: loadRules,
  component: lazyRouteComponent(screens, 'NextVersionScreen'),
});

const classesRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/admin/classes',
  staticData: readers,
  validateSearch: list,
  loader: loadClasses,
  component: lazyRouteComponent(screens, 'AdminClassesScreen'),
});

const newClassRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/admin/classes/new',
  staticData: admins,
  loader: loadClasses,
  component: lazyRouteComponent(screens, 'NewClassScreen'),
});

const classRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/admin/classes/$id',
  staticData: readers,
  validateSearch: (search: SearchInput): { tab?: 'students'; after?: string } => ({
    tab: oneOf(['students'] as const, search.tab),
    after: cursorIn(search.after),
  }),
  loader: loadClasses,
  component: lazyRouteComponent(screens, 'ClassScreen'),
});

export const rulesRoutes = [
  ...[typesRoute, newTypeRoute, typeRoute],
  ...[rulesRoute, newRuleRoute, ruleRoute, nextVersionRoute],
  ...[classesRoute, newClassRoute, classRoute],
] as const;
