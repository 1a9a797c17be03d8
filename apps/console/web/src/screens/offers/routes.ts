import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { loadWords } from '../../messages/catalogue.ts';
import { codesWords, offersWords } from '../../messages/words.ts';
import { rootRoute } from '../../shell/root-route.ts';
import { cursorIn, oneOf, type SearchInput, textIn } from '../../shell/search-params.ts';
import { optional } from '../code-parts/optional.ts';

const loader = () => Promise.all([loadWords(offersWords), loadWords(codesWords)]);

const offersRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/admin/offers',
  staticData: { roles: ['admin', 'ops'] },
  validateSearch: (search: SearchInput) =>
    optional({
      search: textIn(search.search),
      kind: oneOf(['class', 'outside'] as const, search.kind),
      after: cursorIn(search.after),
    }),
  loader,
  component: lazyRouteComponent(() => import('./offers-screen.tsx'), 'OffersScreen'),
});

const conversionsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/admin/conversions',
  staticData: { roles: ['admin', 'ops'] },
  validateSearch: (search: SearchInput) => optional({ id: textIn(search.id), sender: textIn(search.sender) }),
  loader,
  component: lazyRouteComponent(() => import('./conversions-screen.tsx'), 'ConversionsScreen'),
});

export const offersRoutes = [offersRoute, conversionsRoute] as const;
