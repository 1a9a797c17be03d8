/** The services of the system, and the variable that sets the port of each. */
export const portVariable = {
  gateway: 'GATEWAY_PORT',
  payments: 'PAYMENTS_PORT',
  ops: 'OPS_PORT',
  subscriptions: 'SUBSCRIPTIONS_PORT',
  promotions: 'PROMOTIONS_PORT',
} as const;

export type App = keyof typeof portVariable;
export const appNames = Object.keys(portVariable) as App[];
