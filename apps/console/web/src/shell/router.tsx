import { createRoute, createRouter } from '@tanstack/react-router';
import { classesRoutes } from '../screens/classes/routes.ts';
import { publisherRoutes } from '../screens/publisher/routes.ts';
import { NotYours, ProblemState } from '../states/problem.tsx';
import { Skeleton } from '../states/skeleton.tsx';
import { Frame } from './frame.tsx';
import { Home } from './home.tsx';
import { rootRoute } from './root-route.ts';
import { SignedBack } from './signed-back.tsx';

const homeRoute = createRoute({ getParentRoute: () => rootRoute, path: '/', component: Home });
const signedInRoute = createRoute({ getParentRoute: () => rootRoute, path: '/signed-in', component: SignedBack });

rootRoute.update({ component: Frame, notFoundComponent: () => <NotYours /> });

/** Every route of the console; an area lists its own. */
const routeTree = rootRoute.addChildren([homeRoute, signedInRoute, ...classesRoutes, ...publisherRoutes]);

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
