/** The states of an order, as a filter of the list. */
export const orderStates = ['opened', 'confirmed', 'closed', 'cancelled', 'expired'] as const;
