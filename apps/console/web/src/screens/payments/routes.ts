import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { loadWords } from '../../messages/catalogue.ts';
import { adminOrdersWords, ledgerWords, ordersWords, paymentsWords } from '../../messages/words.ts';
import { rootRoute } from '../../shell/root-route.ts';
import { cursorIn, oneOf, searchParams, textIn } from '../../shell/search-params.ts';
import { methods } from './params.ts';

/** They are one chunk, and one import keeps the list of its files once in what every page loads. */
const screens = () => import('./screens.ts');

const suspenseRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/suspense',
  staticData: { roles: ['admin', 'ops'] },
  validateSearch: searchParams((search) => ({
    state: oneOf(['dismissed'] as const, search.state),
    after: cursorIn(search.after),
  })),
  loader: () => loadWords(paymentsWords),
  component: lazyRouteComponent(screens, 'SuspenseScreen'),
});

const quarantinedRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/quarantined',
  staticData: { roles: ['admin', 'ops'] },
  validateSearch: searchParams((search) => ({
    state: oneOf(['dismissed', 'settled'] as const, search.state),
    after: cursorIn(search.after),
  })),
  loader: () => loadWords(paymentsWords),
  component: lazyRouteComponent(screens, 'QuarantinedScreen'),
});

const waitingRefundsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/waiting-refunds',
  staticData: { roles: ['admin', 'ops'] },
  validateSearch: searchParams((search) => ({ after: cursorIn(search.after) })),
  loader: () => loadWords(paymentsWords),
  component: lazyRouteComponent(screens, 'WaitingRefundsScreen'),
});

const missingRefundsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/missing-refunds',
  staticData: { roles: ['admin', 'ops'] },
  validateSearch: searchParams((search) => ({ after: cursorIn(search.after) })),
  loader: () => loadWords(paymentsWords),
  component: lazyRouteComponent(screens, 'MissingRefundsScreen'),
});

const handPaymentsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/hand-payments',
  staticData: { roles: ['admin'] },
  validateSearch: searchParams((search) => ({
    order: textIn(search.order),
    person: textIn(search.person),
    method: oneOf(methods, search.method),
  })),
  loader: () => loadWords(paymentsWords),
  component: lazyRouteComponent(screens, 'HandPaymentsScreen'),
});

const findMoneyRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/find-money',
  staticData: { roles: ['admin', 'ops'] },
  validateSearch: searchParams((search) => ({ search: textIn(search.search) })),
  loader: () => Promise.all([loadWords(paymentsWords), loadWords(adminOrdersWords), loadWords(ordersWords)]),
  component: lazyRouteComponent(screens, 'FindMoneyScreen'),
});

const paymentRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/payments/$id',
  staticData: { roles: ['admin', 'ops'] },
  loader: () => Promise.all([loadWords(paymentsWords), loadWords(ledgerWords)]),
  component: lazyRouteComponent(screens, 'PaymentScreen'),
});

export const paymentsRoutes = [
  suspenseRoute,
  quarantinedRoute,
  waitingRefundsRoute,
  missingRefundsRoute,
  handPaymentsRoute,
  findMoneyRoute,
  paymentRoute,
] as const;
