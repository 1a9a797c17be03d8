export const personParts = ['orders', 'account', 'codes', 'decisions'] as const;
