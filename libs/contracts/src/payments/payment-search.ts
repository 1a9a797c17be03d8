import { z } from 'zod';
import { query } from '../contract.js';
import { id, text } from '../wire.js';

/** Payments as admins look them up. */

/** The most orders that are found for one reference. */
const paidOrdersMax = 200;

export const findPaidOrders = query({
  type: 'payments.find-paid-orders.v1',
  service: 'payments',
  about: 'The orders that payments with this reference name or have funded. A reference is unique at one provider.',
  request: z.object({ reference: text(200) }),
  response: z.object({ order_ids: z.array(id).max(paidOrdersMax) }),
});
