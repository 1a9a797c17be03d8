import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { loadWords } from '../../messages/catalogue.ts';
import { classesWords, sentenceWords, whyWords } from '../../messages/words.ts';
import { rootRoute } from '../../shell/root-route.ts';
import { cursorIn, flagIn, listIn, oneOf, searchParams, textIn } from '../../shell/search-params.ts';
import { classSorts } from './params.ts';

const classesRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/classes',
  validateSearch: searchParams((search) => ({
    search: textIn(search.search),
    available: flagIn(search.available),
    sort: oneOf(classSorts, search.sort),
    after: cursorIn(search.after),
  })),
  loader: () => loadWords(classesWords),
  component: lazyRouteComponent(() => import('./classes-screen.tsx'), 'ClassesScreen'),
});

const classRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/classes/$id',
  validateSearch: searchParams((search) => ({ codes: listIn(search.codes) })),
  loader: () => Promise.all([loadWords(classesWords), loadWords(whyWords), loadWords(sentenceWords)]),
  component: lazyRouteComponent(() => import('./class-screen.tsx'), 'ClassScreen'),
});

export const classesRoutes = [classesRoute, classRoute] as const;
