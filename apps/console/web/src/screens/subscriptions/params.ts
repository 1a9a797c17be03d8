/** The states of a subscription, as a filter of the list. */
export const subscriptionStates = ['active', 'suspended', 'ended'] as const;
