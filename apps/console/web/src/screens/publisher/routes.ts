import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { loadWords } from '../../messages/catalogue.ts';
import { codesWords, publisherWords } from '../../messages/words.ts';
import { rootRoute } from '../../shell/root-route.ts';
import { cursorIn, oneOf, type SearchInput, textIn } from '../../shell/search-params.ts';
import { optional } from '../code-parts/optional.ts';

const loader = () => Promise.all([loadWords(publisherWords), loadWords(codesWords)]);
const statuses = ['draft', 'active', 'paused', 'expired', 'archived'] as const;

const codesRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/publisher/codes',
  staticData: { roles: ['publisher'] },
  validateSearch: (search: SearchInput) =>
    optional({
      search: textIn(search.search),
      status: oneOf(statuses, search.status),
      after: cursorIn(search.after),
    }),
  loader,
  component: lazyRouteComponent(() => import('./own-codes-screen.tsx'), 'OwnCodesScreen'),
});

const codeRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/publisher/codes/$codeId',
  staticData: { roles: ['publisher'] },
  loader,
  component: lazyRouteComponent(() => import('./own-code-screen.tsx'), 'OwnCodeScreen'),
});

export const publisherRoutes = [codesRoute, codeRoute] as const;
