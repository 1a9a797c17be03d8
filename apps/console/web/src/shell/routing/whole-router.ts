import { createRouter } from '@tanstack/react-router';
import { addRoutes } from '../../api/ask.ts';
import { staffRoutes } from '../../api/generated/staff-operations.ts';
import { actionsRoutes } from '../../screens/actions/routes.ts';
import { adminOrdersRoutes } from '../../screens/admin-orders/routes.ts';
import { ledgerRoutes } from '../../screens/ledger/routes.ts';
import { offersRoutes } from '../../screens/offers/routes.ts';
import { paymentsRoutes } from '../../screens/payments/routes.ts';
import { personsRoutes } from '../../screens/persons/routes.ts';
import { promoCodesRoutes } from '../../screens/promo-codes/routes.ts';
import { publisherRoutes } from '../../screens/publisher/routes.ts';
import { rulesRoutes } from '../../screens/rules/routes.ts';
import { adminSubscriptionsRoutes } from '../../screens/subscriptions/routes.ts';
import { webhooksRoutes } from '../../screens/webhooks/routes.ts';
import { rootRoute } from '../root-route.ts';
import { memberRoutes, routerOptions } from './member-routes.tsx';

/** Makes the router with every route of the console; an area lists its own. */
export function wholeRouter() {
  addRoutes(staffRoutes);
  const routeTree = rootRoute.addChildren([
    ...memberRoutes,
    ...personsRoutes,
    ...paymentsRoutes,
    ...ledgerRoutes,
    ...adminOrdersRoutes,
    ...adminSubscriptionsRoutes,
    ...publisherRoutes,
    ...promoCodesRoutes,
    ...offersRoutes,
    ...rulesRoutes,
    ...actionsRoutes,
    ...webhooksRoutes,
  ]);
  return createRouter({ routeTree, ...routerOptions });
}

export type WholeRouter = ReturnType<typeof wholeRouter>;
