/** How money comes that no provider reports. */
export const methods = ['cash', 'bank_transfer'] as const;
