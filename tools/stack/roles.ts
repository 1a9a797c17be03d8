export const roles = ['admin', 'publisher', 'member', 'ops'] as const;
export type Role = (typeof roles)[number];
