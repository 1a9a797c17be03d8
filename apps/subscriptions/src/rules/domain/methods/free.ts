import { wholeClass } from './calendar.js';
import type { Method } from './method.js';

/** A free subscription from the day of the order (or the start of the class) until the class ends. */
export const free: Method = {
  name: 'free',
  about: 'Costs nothing, from the day of the order, or the start of the class if that is later, until the class ends.',
  needs: {},
  quote(_parameters, offer, now) {
    const { startDate, endDate, trace } = wholeClass(offer, now);
    return { amountMinor: 0, startDate, endDate, trace: [{ step: 'amount', explanation: 'It is free.' }, ...trace] };
  },
};
