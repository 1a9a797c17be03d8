import type { Screen } from '../screen.ts';

export const memberScreens: readonly Screen[] = [
  { name: 'classes', route: '/classes', roles: ['member', 'publisher', 'admin', 'ops'], isList: true },
];
