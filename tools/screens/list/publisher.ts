import type { Screen } from '../screen.ts';

export const publisherScreens: readonly Screen[] = [
  {
    name: 'publisher-codes',
    isList: true,
    route: '/publisher/codes',
    roles: ['publisher'],
    filters: { search: 'nothing', status: 'expired' },
  },
  {
    name: 'publisher-code',
    route: '/publisher/codes/$codeId',
    roles: ['publisher'],
    path: ({ codeId }) => `/publisher/codes/${codeId}`,
  },
];
