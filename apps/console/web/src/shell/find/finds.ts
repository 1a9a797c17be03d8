import type { LinkProps } from '@tanstack/react-router';
import { isId } from '../../format/short-id.ts';
import type { words } from '../../messages/en/shell.ts';
import type { Role } from '../session.tsx';

/** A place where a typed text may be found. */
export interface Find {
  readonly roles: readonly Role[];
  readonly label: keyof (typeof words)['nav'];
  /** Whether the text can be found there at all. */
  readonly fits: (text: string) => boolean;
  readonly link: (text: string) => Pick<LinkProps, 'to' | 'params' | 'search'>;
}

const everybody: readonly Role[] = ['member', 'publisher', 'admin', 'ops'];
const staff: readonly Role[] = ['admin', 'ops'];

/** The places of `/`, the likeliest first. A screen with a search adds its line here. */
export const finds: readonly Find[] = [
  {
    roles: ['member', 'admin', 'ops'],
    label: 'orders',
    fits: isId,
    link: (text) => ({ to: '/orders/$id', params: { id: text } }),
  },
  {
    roles: staff,
    label: 'findMoney',
    fits: () => true,
    link: (text) => ({ to: '/find-money', search: { search: text } }),
  },
  {
    roles: staff,
    label: 'persons',
    fits: () => true,
    link: (text) => ({ to: '/persons', search: { search: text } }),
  },
  {
    roles: staff,
    label: 'adminOrders',
    fits: () => true,
    link: (text) => ({ to: '/admin-orders', search: { search: text } }),
  },
  {
    roles: everybody,
    label: 'classes',
    fits: () => true,
    link: (text) => ({ to: '/classes', search: { search: text } }),
  },
  {
    roles: ['admin', 'ops'],
    label: 'promoCodes',
    fits: (text) => !isId(text),
    link: (text) => ({ to: '/admin/promo-codes', search: { search: text } }),
  },
  {
    roles: ['publisher'],
    label: 'myCodes',
    fits: (text) => !isId(text),
    link: (text) => ({ to: '/publisher/codes', search: { search: text } }),
  },
  {
    roles: ['admin', 'ops'],
    label: 'conversions',
    fits: () => true,
    link: (text) => ({ to: '/admin/conversions', search: { id: text } }),
  },
  {
    roles: staff,
    label: 'actions',
    fits: isId,
    link: (text) => ({ to: '/admin/actions', search: { subject: text } }),
  },
];
