import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { loadWords } from '../../messages/catalogue.ts';
import { ledgerWords } from '../../messages/words.ts';
import { rootRoute } from '../../shell/root-route.ts';
import { cursorIn, oneOf, searchParams, textIn } from '../../shell/search-params.ts';
import { kinds } from './params.ts';

/** They are one chunk, and one import keeps the list of its files once in what every page loads. */
const screens = () => import('./screens.ts');

const staticData = { roles: ['admin', 'ops'] as const };
const loader = () => loadWords(ledgerWords);

const ledgerRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/ledger',
  staticData,
  loader,
  component: lazyRouteComponent(screens, 'TrialBalanceScreen'),
});

const accountsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/ledger/accounts',
  staticData,
  validateSearch: searchParams((search) => ({
    kind: oneOf(kinds, search.kind),
    owner: textIn(search.owner),
    currency: textIn(search.currency),
    after: cursorIn(search.after),
  })),
  loader,
  component: lazyRouteComponent(screens, 'AccountsScreen'),
});

const accountRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/ledger/accounts/$id',
  staticData,
  validateSearch: searchParams((search) => ({ after: cursorIn(search.after) })),
  loader,
  component: lazyRouteComponent(screens, 'LedgerAccountScreen'),
});

const transferRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/ledger/transfers/$id',
  staticData,
  loader,
  component: lazyRouteComponent(screens, 'TransferScreen'),
});

const orderMoneyRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/order-money/$id',
  staticData,
  loader,
  component: lazyRouteComponent(screens, 'OrderMoneyScreen'),
});

export const ledgerRoutes = [ledgerRoute, accountsRoute, accountRoute, transferRoute, orderMoneyRoute] as const;
