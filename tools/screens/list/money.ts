import type { Role, Screen } from '../screen.ts';

const staff: readonly Role[] = ['admin', 'ops'];

export const moneyScreens: readonly Screen[] = [
  { name: 'persons', route: '/persons', roles: staff, isList: true, filters: { search: 'nobody' } },
  { name: 'person', route: '/persons/$id', roles: staff, path: ({ personId }) => `/persons/${personId}` },
  {
    name: 'admin-orders',
    route: '/admin-orders',
    roles: staff,
    isList: true,
    filters: { search: 'nothing', from: '2026-01-01', to: '2026-01-02' },
  },
  {
    name: 'admin-subscriptions',
    route: '/admin-subscriptions',
    roles: staff,
    isList: true,
    filters: {
      state: 'suspended',
      person: '00000000-0000-7000-8000-000000000000',
      class: '00000000-0000-7000-8000-000000000000',
      due: '2026-01-01',
    },
  },
  { name: 'suspense', route: '/suspense', roles: staff, isList: true },
  { name: 'quarantined', route: '/quarantined', roles: staff, isList: true },
  { name: 'waiting-refunds', route: '/waiting-refunds', roles: staff, isList: true },
  { name: 'missing-refunds', route: '/missing-refunds', roles: staff, isList: true },
  {
    name: 'actions',
    route: '/admin/actions',
    roles: staff,
    isList: true,
    filters: {
      service: 'payments',
      kind: 'nothing',
      author: 'nobody',
      subject: 'no-subject',
      from: '2026-01-01',
      until: '2026-01-02',
    },
  },
  { name: 'hand-payments', route: '/hand-payments', roles: ['admin'] },
  { name: 'find-money', route: '/find-money', roles: staff, path: () => '/find-money?search=pay_sample' },
  { name: 'payment', route: '/payments/$id', roles: staff, path: ({ money }) => `/payments/${money.paymentId}` },
  {
    name: 'order-money',
    route: '/order-money/$id',
    roles: staff,
    path: ({ orders }) => `/order-money/${orders.settled}`,
  },
  { name: 'ledger', route: '/ledger', roles: staff },
  {
    name: 'ledger-accounts',
    route: '/ledger/accounts',
    roles: staff,
    isList: true,
    filters: { kind: 'tip', owner: 'nobody', currency: 'JPY' },
  },
  {
    name: 'ledger-account',
    route: '/ledger/accounts/$id',
    roles: staff,
    path: ({ money }) => `/ledger/accounts/${money.accountId}`,
  },
  {
    name: 'ledger-transfer',
    route: '/ledger/transfers/$id',
    roles: staff,
    path: ({ money }) => `/ledger/transfers/${money.paymentId}`,
  },
];
