/** The states of endpoints and deliveries that a list is filtered by, as the URL has them. */
export const endpointStates = ['active', 'paused', 'disabled', 'archived'] as const;
export const deliveryStates = ['pending', 'delivered', 'failed', 'cancelled'] as const;
