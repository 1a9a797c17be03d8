import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { accountRoutes } from '../../screens/account/routes.ts';
import { classesRoutes } from '../../screens/classes/routes.ts';
import { ordersRoutes } from '../../screens/orders/routes.ts';
import { subscriptionsRoutes } from '../../screens/subscriptions/routes.ts';
import { ProblemState } from '../../states/problem.tsx';
import { Skeleton } from '../../states/skeleton.tsx';
import { Frame } from '../frame.tsx';
import { Home } from '../home.tsx';
import { NoPage } from '../no-page.tsx';
import { rootRoute } from '../root-route.ts';

const homeRoute = createRoute({ getParentRoute: () => rootRoute, path: '/', component: Home });
const signedInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/signed-in',
  component: lazyRouteComponent(() => import('../signed-back.tsx'), 'SignedBack'),
});

rootRoute.update({ component: Frame, notFoundComponent: NoPage });

/** The routes of members, which every page loads; an area lists its own. */
export const memberRoutes = [
  homeRoute,
  signedInRoute,
  ...classesRoutes,
  ...ordersRoutes,
  ...subscriptionsRoutes,
  ...accountRoutes,
] as const;

export const routerOptions = {
  defaultPreload: 'intent',
  scrollRestoration: true,
  defaultPendingMs: 0,
  defaultPendingComponent: () => <Skeleton />,
  defaultErrorComponent: ({ error, reset }: { readonly error: unknown; readonly reset: () => void }) => (
    <ProblemState error={error} retry={reset} />
  ),
} as const;
