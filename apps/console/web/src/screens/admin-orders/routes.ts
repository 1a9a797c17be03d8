import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { loadWords } from '../../messages/catalogue.ts';
import { adminOrdersWords, ordersWords } from '../../messages/words.ts';
import { rootRoute } from '../../shell/root-route.ts';
import { cursorIn, dayIn, oneOf, searchParams, textIn } from '../../shell/search-params.ts';
import { queues, sorts } from './params.ts';

const ordersRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/admin-orders',
  staticData: { roles: ['admin', 'ops'] },
  validateSearch: searchParams((search) => ({
    queue: oneOf(queues, search.queue),
    search: textIn(search.search),
    from: dayIn(search.from),
    to: dayIn(search.to),
    sort: oneOf(sorts, search.sort),
    after: cursorIn(search.after),
  })),
  loader: () => Promise.all([loadWords(adminOrdersWords), loadWords(ordersWords)]),
  component: lazyRouteComponent(() => import('./admin-orders-screen.tsx'), 'AdminOrdersScreen'),
});

export const adminOrdersRoutes = [ordersRoute] as const;
