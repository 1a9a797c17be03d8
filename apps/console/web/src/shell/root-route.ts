import { createRootRoute } from '@tanstack/react-router';
import type { Role } from './session.tsx';

/** The parent of every route; the router gives it the frame, which must not be imported here (a circle). */
export const rootRoute = createRootRoute();

declare module '@tanstack/react-router' {
  interface StaticDataRouteOption {
    /** The roles that the screen is for; all unless given. */
    readonly roles?: readonly Role[];
  }
}
