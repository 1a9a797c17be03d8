/** The services that record what admins and operators did. */
export const services = ['subscriptions', 'payments', 'promotions', 'notifications'] as const;
