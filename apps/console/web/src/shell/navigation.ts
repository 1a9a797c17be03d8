import type { LinkProps } from '@tanstack/react-router';
import type { words } from '../messages/en/shell.ts';
import type { Role } from './session.tsx';

type ShellWords = typeof words;

export interface NavigationEntry {
  readonly to: NonNullable<LinkProps['to']>;
  readonly label: keyof ShellWords['nav'];
  /** Beginnings of other paths that belong to it: pages that are reached from it. */
  readonly also?: readonly string[];
}

export interface NavigationGroup {
  readonly title?: keyof ShellWords['navGroups'];
  readonly entries: readonly NavigationEntry[];
}

const adminNavigation: readonly NavigationGroup[] = [
  {
    title: 'selling',
    entries: [
      { to: '/classes', label: 'classes' },
      { to: '/admin-orders', label: 'adminOrders', also: ['/orders/', '/order-money/'] },
      { to: '/admin-subscriptions', label: 'adminSubscriptions', also: ['/subscriptions/'] },
      { to: '/persons', label: 'persons' },
      { to: '/admin/classes', label: 'adminClasses' },
      { to: '/rules', label: 'rules' },
      { to: '/parameter-types', label: 'parameterTypes' },
    ],
  },
  {
    title: 'promotions',
    entries: [
      { to: '/admin/promo-codes', label: 'promoCodes', also: ['/admin/batches'] },
      { to: '/admin/decisions', label: 'decisions' },
      { to: '/admin/offers', label: 'offers' },
      { to: '/admin/conversions', label: 'conversions' },
    ],
  },
  {
    title: 'money',
    entries: [
      { to: '/find-money', label: 'findMoney', also: ['/payments/'] },
      { to: '/suspense', label: 'suspense', also: ['/quarantined', '/waiting-refunds', '/missing-refunds'] },
      { to: '/hand-payments', label: 'handPayments' },
      { to: '/ledger', label: 'ledger' },
    ],
  },
  { title: 'records', entries: [{ to: '/admin/actions', label: 'actions' }] },
  { title: 'system', entries: [{ to: '/admin/webhooks', label: 'webhooks' }] },
];

/** The navigation of each role; the first entry is where the role begins. A screen adds its line here. */
export const navigation: Readonly<Record<Role, readonly NavigationGroup[]>> = {
  member: [
    {
      entries: [
        { to: '/classes', label: 'classes' },
        { to: '/orders', label: 'myOrders' },
        { to: '/my-classes', label: 'myClasses' },
        { to: '/subscriptions', label: 'mySubscriptions' },
        { to: '/account', label: 'account' },
        { to: '/bonus-codes', label: 'bonusCodes' },
        { to: '/profile', label: 'profile' },
      ],
    },
  ],
  publisher: [
    {
      entries: [
        { to: '/publisher/codes', label: 'myCodes' },
        { to: '/classes', label: 'classes' },
      ],
    },
  ],
  admin: adminNavigation,
  ops: adminNavigation,
};
