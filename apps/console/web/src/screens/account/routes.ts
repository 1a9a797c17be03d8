import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { loadWords } from '../../messages/catalogue.ts';
import {
  accountWords,
  codesWords,
  decisionsWords,
  profileWords,
  sentenceWords,
  whyWords,
} from '../../messages/words.ts';
import { rootRoute } from '../../shell/root-route.ts';
import { cursorIn, dayIn, searchParams, textIn } from '../../shell/search-params.ts';

const accountRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/account',
  staticData: { roles: ['member'] },
  validateSearch: searchParams((search) => ({
    day: dayIn(search.day),
    currency: textIn(search.currency),
    after: cursorIn(search.after),
  })),
  loader: () => loadWords(accountWords),
  component: lazyRouteComponent(() => import('./account-screen.tsx'), 'AccountScreen'),
});

const bonusCodesRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/bonus-codes',
  staticData: { roles: ['member'] },
  validateSearch: searchParams((search) => ({ after: cursorIn(search.after) })),
  loader: () => Promise.all([loadWords(accountWords), loadWords(whyWords)]),
  component: lazyRouteComponent(() => import('./bonus-codes-screen.tsx'), 'BonusCodesScreen'),
});

const codeDecisionsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/bonus-codes/decisions',
  staticData: { roles: ['member'] },
  validateSearch: searchParams((search) => ({ after: cursorIn(search.after) })),
  loader: () =>
    Promise.all([accountWords, codesWords, decisionsWords, sentenceWords].map((words) => loadWords(words as never))),
  component: lazyRouteComponent(() => import('./code-decisions-screen.tsx'), 'CodeDecisionsScreen'),
});

const profileRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/profile',
  staticData: { roles: ['member'] },
  loader: () => loadWords(profileWords),
  component: lazyRouteComponent(() => import('./profile-screen.tsx'), 'ProfileScreen'),
});

export const accountRoutes = [accountRoute, bonusCodesRoute, codeDecisionsRoute, profileRoute] as const;
