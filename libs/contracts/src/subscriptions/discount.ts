import { z } from 'zod';
import { amountMinor, id } from '../wire.js';

/** The discount of one promo code on an order. */
export const discount = z
  .object({
    code: z.string(),
    discount_minor: amountMinor,
    explanation: z.string(),
    redemption_id: id.optional().describe('The use of the code, once it is held; decision receipts name it.'),
  })
  .meta({ id: 'Discount' });
