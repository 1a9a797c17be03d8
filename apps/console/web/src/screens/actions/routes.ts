import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { loadWords } from '../../messages/catalogue.ts';
import { actionsWords } from '../../messages/words.ts';
import { rootRoute } from '../../shell/root-route.ts';
import { cursorIn, dayIn, oneOf, searchParams, textIn } from '../../shell/search-params.ts';
import { services } from './params.ts';

const actionsListRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/admin/actions',
  staticData: { roles: ['admin', 'ops'] },
  validateSearch: searchParams((search) => ({
    service: oneOf(services, search.service),
    kind: textIn(search.kind),
    author: textIn(search.author),
    subject: textIn(search.subject),
    from: dayIn(search.from),
    until: dayIn(search.until),
    after: cursorIn(search.after),
  })),
  loader: () => loadWords(actionsWords),
  component: lazyRouteComponent(() => import('./actions-screen.tsx'), 'ActionsScreen'),
});

export const actionsRoutes = [actionsListRoute] as const;
