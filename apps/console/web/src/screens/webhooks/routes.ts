import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { loadWords } from '../../messages/catalogue.ts';
import { webhooksWords } from '../../messages/words.ts';
import { rootRoute } from '../../shell/root-route.ts';
import { cursorIn, oneOf, searchParams, textIn } from '../../shell/search-params.ts';
import { deliveryStates, endpointStates } from './params.ts';

const loader = () => loadWords(webhooksWords);

const endpointsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/admin/webhooks',
  staticData: { roles: ['admin', 'ops'] },
  validateSearch: searchParams((search) => ({
    status: oneOf(endpointStates, search.status),
    after: cursorIn(search.after),
  })),
  loader,
  component: lazyRouteComponent(() => import('./endpoints-screen.tsx'), 'EndpointsScreen'),
});

const endpointRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/admin/webhooks/$endpointId',
  staticData: { roles: ['admin', 'ops'] },
  validateSearch: searchParams((search) => ({
    state: oneOf(deliveryStates, search.state),
    subject: textIn(search.subject),
    delivery: textIn(search.delivery),
    after: cursorIn(search.after),
  })),
  loader,
  component: lazyRouteComponent(() => import('./endpoint-screen.tsx'), 'EndpointScreen'),
});

export const webhooksRoutes = [endpointsRoute, endpointRoute] as const;
