import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { loadWords } from '../../messages/catalogue.ts';
import { accountWords, ordersWords, personsWords } from '../../messages/words.ts';
import { rootRoute } from '../../shell/root-route.ts';
import { cursorIn, dayIn, oneOf, searchParams, textIn } from '../../shell/search-params.ts';
import { personParts } from './params.ts';

const personsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/persons',
  staticData: { roles: ['admin', 'ops'] },
  validateSearch: searchParams((search) => ({ search: textIn(search.search), after: cursorIn(search.after) })),
  loader: () => loadWords(personsWords),
  component: lazyRouteComponent(() => import('./persons-screen.tsx'), 'PersonsScreen'),
});

const personRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/persons/$id',
  staticData: { roles: ['admin', 'ops'] },
  validateSearch: searchParams((search) => ({
    part: oneOf(personParts, search.part),
    day: dayIn(search.day),
    currency: textIn(search.currency),
    after: cursorIn(search.after),
  })),
  loader: () => Promise.all([loadWords(personsWords), loadWords(ordersWords), loadWords(accountWords)]),
  component: lazyRouteComponent(() => import('./person-screen.tsx'), 'PersonScreen'),
});

export const personsRoutes = [personsRoute, personRoute] as const;
