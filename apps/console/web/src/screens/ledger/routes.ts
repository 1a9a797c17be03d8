import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { loadWords } from '../../messages/catalogue.ts';
import { ledgerWords } from '../../messages/words.ts';
import { rootRoute } from '../../shell/root-route.ts';
import { cursorIn, oneOf, searchParams, textIn } from '../../shell/search-params.ts';
import { kinds } from './params.ts';

const staticData = { roles: ['admin', 'ops'] as const };
const loader = () => loadWords(ledgerWords);

const ledgerRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/ledger',
  staticData,
  loader,
  component: lazyRouteComponent(() => import('./trial-balance-screen.tsx'), 'TrialBalanceScreen'),
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
  component: lazyRouteComponent(() => import('./accounts-screen.tsx'), 'AccountsScreen'),
});

const accountRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/ledger/accounts/$id',
  staticData,
  validateSearch: searchParams((search) => ({ after: cursorIn(search.after) })),
  loader,
  component: lazyRouteComponent(() => import('./ledger-account-screen.tsx'), 'LedgerAccountScreen'),
});

const transferRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/ledger/transfers/$id',
  staticData,
  loader,
  component: lazyRouteComponent(() => import('./transfer-screen.tsx'), 'TransferScreen'),
});

const orderMoneyRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/order-money/$id',
  staticData,
  loader,
  component: lazyRouteComponent(() => import('./order-money-screen.tsx'), 'OrderMoneyScreen'),
});

export const ledgerRoutes = [ledgerRoute, accountsRoute, accountRoute, transferRoute, orderMoneyRoute] as const;
