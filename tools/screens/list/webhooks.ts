import type { Screen } from '../screen.ts';

const readers = ['admin', 'ops'] as const;

export const webhooksScreens: readonly Screen[] = [
  { name: 'webhooks', isList: true, route: '/admin/webhooks', roles: readers, filters: { status: 'disabled' } },
  {
    name: 'webhook-endpoint',
    route: '/admin/webhooks/$endpointId',
    roles: readers,
    path: ({ webhookEndpointId }) => `/admin/webhooks/${webhookEndpointId}`,
    filters: { state: 'cancelled', subject: 'nothing' },
  },
];
