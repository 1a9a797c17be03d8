import type { Screen } from '../screen.ts';

const readers = ['admin', 'ops'] as const;
const admins = ['admin'] as const;

export const rulesScreens: readonly Screen[] = [
  { name: 'parameter-types', route: '/parameter-types', roles: readers, isList: true },
  { name: 'parameter-type-new', route: '/parameter-types/new', roles: admins, readsNothing: true },
  {
    name: 'parameter-type',
    route: '/parameter-types/$name',
    roles: readers,
    path: ({ typeName }) => `/parameter-types/${typeName}`,
  },
  { name: 'rules', route: '/rules', roles: readers, isList: true, filters: { show: 'retired' } },
  { name: 'rule-new', route: '/rules/new', roles: admins },
  { name: 'rule', route: '/rules/$id', roles: readers, path: ({ ruleId }) => `/rules/${ruleId}` },
  { name: 'rule-next', route: '/rules/$id/next', roles: admins, path: ({ ruleId }) => `/rules/${ruleId}/next` },
  { name: 'admin-classes', route: '/admin/classes', roles: readers, isList: true },
  { name: 'class-new', route: '/admin/classes/new', roles: admins },
  {
    name: 'class-admin',
    route: '/admin/classes/$id',
    roles: readers,
    path: ({ classId }) => `/admin/classes/${classId}`,
  },
];
