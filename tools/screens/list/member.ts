import type { Screen } from '../screen.ts';

export const memberScreens: readonly Screen[] = [
  {
    name: 'classes',
    route: '/classes',
    roles: ['member', 'publisher', 'admin', 'ops'],
    isList: true,
    filters: { search: 'nothing', available: 'true' },
  },
  {
    name: 'class',
    route: '/classes/$id',
    roles: ['member', 'publisher', 'admin', 'ops'],
    path: ({ classId }) => `/classes/${classId}`,
  },
  { name: 'orders', route: '/orders', roles: ['member'], isList: true, filters: { state: 'expired' } },
  {
    name: 'order',
    route: '/orders/$id',
    roles: ['member', 'admin', 'ops'],
    path: ({ orders }) => `/orders/${orders.opened}`,
  },
  { name: 'my-classes', route: '/my-classes', roles: ['member'], isList: true },
  {
    name: 'subscriptions',
    route: '/subscriptions',
    roles: ['member'],
    isList: true,
    filters: { state: 'suspended' },
  },
  {
    name: 'subscription',
    route: '/subscriptions/$id',
    roles: ['member', 'admin', 'ops'],
    // The id of a subscription is that of its first order.
    path: ({ orders }) => `/subscriptions/${orders.settled}`,
  },
  { name: 'account', route: '/account', roles: ['member'], filters: { currency: 'JPY' } },
  { name: 'bonus-codes', route: '/bonus-codes', roles: ['member'], isList: true },
  { name: 'code-decisions', route: '/bonus-codes/decisions', roles: ['member'], isList: true },
  { name: 'profile', route: '/profile', roles: ['member'] },
];
