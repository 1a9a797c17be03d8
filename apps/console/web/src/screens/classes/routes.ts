import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { loadWords } from '../../messages/catalogue.ts';
import { classesWords } from '../../messages/words.ts';
import { rootRoute } from '../../shell/root-route.ts';
import { cursorIn, type SearchInput, textIn } from '../../shell/search-params.ts';

const classesRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/classes',
  validateSearch: (search: SearchInput) => ({ search: textIn(search.search), after: cursorIn(search.after) }),
  loader: () => loadWords(classesWords),
  component: lazyRouteComponent(() => import('./classes-screen.tsx'), 'ClassesScreen'),
});

export const classesRoutes = [classesRoute] as const;
