import { createRoute, createRouter } from '@tanstack/react-router';
import { accountRoutes } from '../screens/account/routes.ts';
import { actionsRoutes } from '../screens/actions/routes.ts';
import { adminOrdersRoutes } from '../screens/admin-orders/routes.ts';
import { classesRoutes } from '../screens/classes/routes.ts';
import { ledgerRoutes } from '../screens/ledger/routes.ts';
import { offersRoutes } from '../screens/offers/routes.ts';
import { ordersRoutes } from '../screens/orders/routes.ts';
import { paymentsRoutes } from '../screens/payments/routes.ts';
import { personsRoutes } from '../screens/persons/routes.ts';
import { promoCodesRoutes } from '../screens/promo-codes/routes.ts';
import { publisherRoutes } from '../screens/publisher/routes.ts';
import { rulesRoutes } from '../screens/rules/routes.ts';
import { subscriptionsRoutes } from '../screens/subscriptions/routes.ts';
import { webhooksRoutes } from '../screens/webhooks/routes.ts';
import { ProblemState } from '../states/problem.tsx';
import { Skeleton } from '../states/skeleton.tsx';
import { Frame } from './frame.tsx';
import { Home } from './home.tsx';
import { NoPage } from './no-page.tsx';
import { rootRoute } from './root-route.ts';
import { SignedBack } from './signed-back.tsx';

const homeRoute = createRoute({ getParentRoute: () => rootRoute, path: '/', component: Home });
const signedInRoute = createRoute({ getParentRoute: () => rootRoute, path: '/signed-in', component: SignedBack });

rootRoute.update({ component: Frame, notFoundComponent: NoPage });

/** Every route of the console; an area lists its own. */
const routeTree = rootRoute.addChildren([
  homeRoute,
  signedInRoute,
  ...classesRoutes,
  ...personsRoutes,
  ...paymentsRoutes,
  ...ledgerRoutes,
  ...adminOrdersRoutes,
  ...actionsRoutes,
  ...ordersRoutes,
  ...subscriptionsRoutes,
  ...accountRoutes,
  ...publisherRoutes,
  ...promoCodesRoutes,
  ...offersRoutes,
  ...rulesRoutes,
  ...webhooksRoutes,
]);

export const router = createRouter({
  routeTree,
  defaultPreload: 'intent',
  scrollRestoration: true,
  defaultPendingMs: 0,
  defaultPendingComponent: () => <Skeleton />,
  defaultErrorComponent: ({ error, reset }) => <ProblemState error={error} retry={reset} />,
});

declare module '@tanstack/react-router' {
  interface Register {
    readonly router: typeof router;
  }
}
