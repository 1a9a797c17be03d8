import { z } from 'zod';
import { amountMinor } from '../wire.js';

/** The discount of one promo code on an order. */
export const discount = z
  .object({
    code: z.string(),
    discount_minor: amountMinor,
    explanation: z.string(),
  })
  .meta({ id: 'Discount' });
