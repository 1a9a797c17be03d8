import { AMOUNT_MINOR_MAX, formatMoney } from '#kernel/money.js';
import { wholeClass } from './calendar.js';
import type { Method, Need } from './method.js';

const price: Need = {
  requirement: `a whole number of minor units from 0 to ${AMOUNT_MINOR_MAX}`,
  schema: { type: 'integer', minimum: 0, maximum: AMOUNT_MINOR_MAX },
};

/** One price, paid once, from the day of the order (or the start of the class) until the class ends. */
export const singlePayment: Method = {
  name: 'single_payment',
  about:
    'Costs one price, paid once, from the day of the order, or the start of the class if that is later, until the class ends.',
  needs: { price },
  quote(parameters, offer, now) {
    const amountMinor = parameters.price as number;
    const { startDate, endDate, trace } = wholeClass(offer, now);
    const explanation = `It costs ${formatMoney({ amountMinor, currency: offer.currency })}, paid once.`;
    return { amountMinor, startDate, endDate, trace: [{ step: 'amount', explanation }, ...trace] };
  },
};
