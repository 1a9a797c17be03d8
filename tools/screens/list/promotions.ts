import type { Screen } from '../screen.ts';

const readers = ['admin', 'ops'] as const;
const admins = ['admin'] as const;
const tabs = ['offers', 'applications', 'days', 'decisions', 'simulator', 'persons', 'changes', 'proof'] as const;
const [nothing, noCode, noOrder] = [0, 1, 2].map((id) => `0198c0de-0000-7000-8000-00000000000${id}`) as [
  string,
  string,
  string,
];
const days = { from: '2026-01-01', to: '2026-01-02' };
const decided = { what: 'reverse', outcome: 'refused', reason: 'paused', person: nothing, ...days };
const filtersOfTabs: Partial<Record<(typeof tabs)[number], Readonly<Record<string, string>>>> = {
  offers: { search: 'nothing', ...days },
  applications: { search: 'nothing', offer: 'no-offer', ...days },
  decisions: decided,
};

export const promotionsScreens: readonly Screen[] = [
  {
    name: 'promo-codes',
    isList: true,
    route: '/admin/promo-codes',
    roles: readers,
    filters: { search: 'nothing', status: 'expired', kind: 'bonus', owner: 'nobody', batch: nothing },
  },
  { name: 'promo-code-new', readsNothing: true, route: '/admin/promo-codes/new', roles: admins },
  {
    name: 'promo-code',
    route: '/admin/promo-codes/$codeId',
    roles: readers,
    path: ({ codeId }) => `/admin/promo-codes/${codeId}`,
  },
  ...tabs.map(
    (tab): Screen => ({
      name: `promo-code-${tab}`,
      route: '/admin/promo-codes/$codeId',
      roles: readers,
      path: ({ bonusCodeId }) => `/admin/promo-codes/${bonusCodeId}?tab=${tab}`,
      filters: filtersOfTabs[tab],
    }),
  ),
  {
    name: 'promo-code-edit',
    route: '/admin/promo-codes/$codeId/edit',
    roles: admins,
    path: ({ codeId }) => `/admin/promo-codes/${codeId}/edit`,
  },
  {
    name: 'promo-code-batches',
    isList: true,
    route: '/admin/batches',
    roles: readers,
    filters: { kind: 'import' },
  },
  { name: 'promo-code-generate', readsNothing: true, route: '/admin/batches/generate', roles: admins },
  { name: 'promo-code-import', readsNothing: true, route: '/admin/batches/import', roles: admins },
  {
    name: 'promo-code-batch',
    route: '/admin/batches/$batchId',
    roles: readers,
    path: ({ batchId }) => `/admin/batches/${batchId}`,
  },
  {
    name: 'decisions',
    isList: true,
    route: '/admin/decisions',
    roles: readers,
    filters: { ...decided, code: noCode, order: noOrder },
  },
  {
    name: 'decision',
    route: '/admin/decisions/$receiptId',
    roles: readers,
    path: ({ receiptId }) => `/admin/decisions/${receiptId}`,
  },
  {
    name: 'offers',
    isList: true,
    route: '/admin/offers',
    roles: readers,
    filters: { search: 'nothing', kind: 'outside' },
  },
  {
    name: 'conversions',
    route: '/admin/conversions',
    roles: readers,
    path: ({ conversionId }) => `/admin/conversions?id=${conversionId}`,
  },
];
