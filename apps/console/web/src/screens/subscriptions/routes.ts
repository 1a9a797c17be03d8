import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { loadWords } from '../../messages/catalogue.ts';
import { classesWords, ordersWords, sentenceWords, subscriptionsWords } from '../../messages/words.ts';
import { rootRoute } from '../../shell/root-route.ts';
import { cursorIn, dayIn, oneOf, searchParams, textIn } from '../../shell/search-params.ts';
import { subscriptionStates } from './params.ts';

/** They are one chunk. */
const screens = () => import('./screens.ts');

const ownRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/subscriptions',
  staticData: { roles: ['member'] },
  validateSearch: searchParams((search) => ({
    state: oneOf(subscriptionStates, search.state),
    after: cursorIn(search.after),
  })),
  loader: () => loadWords(subscriptionsWords),
  component: lazyRouteComponent(screens, 'SubscriptionsScreen'),
});

const subscriptionRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/subscriptions/$id',
  staticData: { roles: ['member', 'admin', 'ops'] },
  loader: () =>
    Promise.all([
      ...[loadWords(subscriptionsWords), loadWords(ordersWords)],
      ...[loadWords(classesWords), loadWords(sentenceWords)],
    ]),
  component: lazyRouteComponent(screens, 'SubscriptionScreen'),
});

const allRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/admin-subscriptions',
  staticData: { roles: ['admin', 'ops'] },
  validateSearch: searchParams((search) => ({
    state: oneOf(subscriptionStates, search.state),
    person: textIn(search.person),
    class: textIn(search.class),
    due: dayIn(search.due),
    after: cursorIn(search.after),
  })),
  loader: () => loadWords(subscriptionsWords),
  component: lazyRouteComponent(screens, 'AdminSubscriptionsScreen'),
});

export const subscriptionsRoutes = [ownRoute, subscriptionRoute] as const;

export const adminSubscriptionsRoutes = [allRoute] as const;
