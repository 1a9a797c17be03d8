import { createRouter } from '@tanstack/react-router';
import { rootRoute } from '../root-route.ts';
import type { Role } from '../session.tsx';
import { memberRoutes, routerOptions } from './member-routes.tsx';
import { isPathOf } from './paths.ts';
import type { WholeRouter } from './whole-router.ts';

/** The router of this page: a member who is at a screen of members loads no route of others. */
export async function routerFor(role: Role, path: string): Promise<WholeRouter> {
  const own = memberRoutes.map(({ options }) => ('path' in options ? options.path : ''));
  if (role !== 'member' || !isPathOf(own, path)) return (await import('./whole-router.ts')).wholeRouter();
  // Links have the types of all routes; on the screens of members they lead to their routes alone.
  return createRouter({ routeTree: rootRoute.addChildren(memberRoutes), ...routerOptions }) as unknown as WholeRouter;
}

declare module '@tanstack/react-router' {
  interface Register {
    readonly router: WholeRouter;
  }
}
