import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { loadWords } from '../../messages/catalogue.ts';
import { classesWords, ordersWords, sentenceWords, whyWords } from '../../messages/words.ts';
import { rootRoute } from '../../shell/root-route.ts';
import { cursorIn, oneOf, searchParams } from '../../shell/search-params.ts';
import { orderStates } from './params.ts';

/** They are one chunk, and one import keeps the list of its files once in what every page loads. */
const screens = () => import('./screens.ts');

const ordersRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/orders',
  staticData: { roles: ['member'] },
  validateSearch: searchParams((search) => ({
    state: oneOf(orderStates, search.state),
    after: cursorIn(search.after),
  })),
  loader: () => loadWords(ordersWords),
  component: lazyRouteComponent(screens, 'OrdersScreen'),
});

const orderRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/orders/$id',
  staticData: { roles: ['member', 'admin', 'ops'] },
  // The provider's page comes back with `paid`.
  validateSearch: searchParams((search) => ({ paid: oneOf(['yes', 'no'], search.paid) })),
  loader: () =>
    Promise.all([loadWords(ordersWords), loadWords(whyWords), loadWords(classesWords), loadWords(sentenceWords)]),
  component: lazyRouteComponent(screens, 'OrderScreen'),
});

const enrolmentsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/my-classes',
  staticData: { roles: ['member'] },
  validateSearch: searchParams((search) => ({ after: cursorIn(search.after) })),
  loader: () => loadWords(ordersWords),
  component: lazyRouteComponent(screens, 'EnrolmentsScreen'),
});

export const ordersRoutes = [ordersRoute, orderRoute, enrolmentsRoute] as const;
