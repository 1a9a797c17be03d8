import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { loadWords } from '../../messages/catalogue.ts';
import { accountWords, codesWords, decisionsWords, ordersWords, personsWords } from '../../messages/words.ts';
import { rootRoute } from '../../shell/root-route.ts';
import { cursorIn, dayIn, oneOf, searchParams, textIn } from '../../shell/search-params.ts';
import { personParts } from './params.ts';

const texts = [personsWords, ordersWords, accountWords, codesWords, decisionsWords] as const;

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
  loader: () => Promise.all(texts.map((words) => loadWords(words as never))),
  component: lazyRouteComponent(() => import('./person-screen.tsx'), 'PersonScreen'),
});

export const personsRoutes = [personsRoute, personRoute] as const;
