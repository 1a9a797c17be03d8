import { z } from 'zod';
import { currency, day, id, instant } from './wire.js';

const minor = z.int().describe('An amount in minor units of the currency.');
const count = z.int().min(0);
const parameter = z.string().describe('The name of the parameter.');
const orderState = z.string().describe('The state of the order.');
const personId = id.describe('The person.');
const orderId = id.describe('The order.');
const paymentId = id.describe('The payment.');
const ofOrder = z.object({ order_id: orderId.optional() });
const ofPayment = z.object({ payment_id: paymentId.optional() });
const ofParameter = z.object({ parameter });

/** Holders, publishers and admins get these; everybody else gets PROMO_CODE_NOT_USABLE without details. */
const ofPromoCode = z.object({ promo_code: z.string().optional().describe('The code, as its publisher wrote it.') });

/**
 * The members of `details` in the problem document of a refusal, by its code. A code that is not listed has none. A law
 * compares them with every refusal in the sources.
 */
export const refusalDetails = {
  FORBIDDEN: z.object({ roles: z.array(z.string()).optional().describe('The roles that may do this.') }),
  RATE_LIMITED: z.object({ per_minute: count.optional().describe('How many requests a minute may have.') }),
  TOO_MANY_STREAMS: z.object({ limit: count }),
  SERVICE_UNAVAILABLE: z.object({ unavailable_services: z.array(z.string()).optional() }),
  REQUEST_MALFORMED: z.object({ issues: z.array(z.object({ field: z.string(), says: z.string() })).optional() }),
  IDEMPOTENCY_KEY_REUSED: z.object({
    command_id: z.string().optional(),
    order_id: orderId.optional(),
    rows: count.optional().describe('The rows of this file.'),
    arrived: count.nullable().optional().describe('The rows of the file before.'),
  }),

  PERSON_NOT_FOUND: z.object({ person_id: personId.optional() }),

  WEBHOOK_ENDPOINT_CHANGED: z.object({ newest: count.describe('The version that it is at.') }),
  WEBHOOK_ENDPOINT_NOT_ACTIVE: z.object({ status: z.enum(['paused', 'disabled', 'archived', 'active']) }),
  WEBHOOK_EVENT_TYPE_UNKNOWN: z.object({ event_type: z.string() }),
  WEBHOOK_REPLAY_TOO_LARGE: z.object({ limit: count }),
  TOO_MANY_WEBHOOK_ENDPOINTS: z.object({ limit: count }),
  TOO_MANY_WEBHOOK_SECRETS: z.object({ limit: count }),

  RULE_RETIRED: z.object({ retired_at: instant }),
  METHOD_UNKNOWN: z.object({ methods: z.array(z.string()).describe('The methods that exist.') }),
  PARAMETER_TYPE_CHANGED: z.object({ newest: count.describe('The version that it is at.') }),
  PARAMETER_TYPE_UNKNOWN: ofParameter,
  PARAMETER_TEMPLATE_INVALID: ofParameter,
  PARAMETER_INVALID: ofParameter,
  PARAMETER_MISSING: ofParameter,
  PARAMETER_UNKNOWN: ofParameter,
  EXAMPLE_FAILED: z.object({
    example: z.string().describe('The title of the first example that fails.'),
    differences: z.array(z.string()).describe('How its result differs, in words.'),
  }),
  CLASS_ENDED: z.object({ end_date: day }),
  REGISTRATION_NOT_OPEN: z.object({ opens_at: instant.describe('When registration opens.') }),
  REGISTRATION_CLOSED: z.object({ closed_at: instant.describe('When registration closed.') }),
  NO_MEETINGS_LEFT: z.object({ meetings: count.describe('The meetings of the class.') }),
  EXPRESSION_FAILED: z.object({ expression: z.string().describe('`amount`, `start`, `end` or `orderable`.') }),
  TOO_MANY_SEATS: z.object({ limit: count }),
  CHOSEN_AMOUNT_OUT_OF_RANGE: z.object({ minimum_minor: minor, maximum_minor: minor }),
  CAPACITY_BELOW_SEATS_TAKEN: z.object({ seats_taken: count }),

  ORDER_NOT_FOUND: ofOrder,
  ORDER_ALREADY_OPEN: z.object({ order_id: orderId, state: orderState, expires_at: instant.nullable() }),
  ALREADY_ENROLLED: z.object({ order_id: orderId, end_date: day.nullable() }),
  TOO_MANY_OPEN_ORDERS: z.object({ open_orders: count, limit: count }),
  ORDER_NOT_CANCELLABLE: z.object({ state: orderState }),
  ORDER_NOT_CONFIRMED: z.object({ state: orderState }),
  ORDER_NOT_WAITING: ofOrder,
  ORDER_NOT_PAYABLE: z.object({
    order_id: orderId,
    status: orderState,
    waits_for: z.string().nullable().describe('What the order waits for, if it does.'),
    lacks_minor: minor,
  }),
  CHECKOUT_REFUSED: z.object({ reason: z.string().describe('The code of the payment provider.') }),
  CURRENCY_MISMATCH: z.object({ currency: currency.optional().describe('The currency that it must be.') }),
  PRICE_CHANGED: z.object({ amount_minor: minor.optional(), currency: currency.optional() }),

  CONVERSION_ALREADY_REVERSED: z.object({ reason: z.string(), reversed_at: instant }),

  PAYMENT_NOT_FOUND: ofPayment,
  PAYMENT_ALREADY_MATCHED: ofPayment,
  PAYMENT_REFERENCE_REUSED: ofPayment,
  PAYMENT_UNMATCHED: ofPayment,
  PAYMENT_REFUNDED: ofPayment,
  PAYMENT_NOT_BY_HAND: z.object({ provider: z.string() }),
  REFUND_EXCEEDS_PAYMENT: z.object({ left_minor: minor }),
  AMOUNT_BELOW_REFUNDED: z.object({ refunded_minor: minor }),
  BALANCE_INSUFFICIENT: z.object({ available_minor: minor }),
  SHORTFALL_TOO_LARGE: z.object({ short_minor: minor }),
  NOTIFICATION_NOT_FOUND: z.object({ notification_id: z.string().optional() }),

  OUT_OF_RANGE: z.object({ least: z.int(), most: z.int() }),
  SPAN_TOO_LONG: z.object({ days_max: count }),
  SEVERAL_CURRENCIES: z.object({ currencies: z.array(currency), offer_id: z.string().nullable().optional() }),

  PROMO_CODE_UNKNOWN: ofPromoCode,
  PROMO_CODE_NOT_ACTIVE: ofPromoCode.extend({ status: z.string() }),
  PROMO_CODE_NOT_STARTED: ofPromoCode.extend({ valid_from: instant }),
  PROMO_CODE_EXPIRED: ofPromoCode.extend({ valid_until: instant.optional() }),
  PROMO_CODE_OUTSIDE_HOURS: ofPromoCode.extend({
    local_time: z.string().describe('The time in the zone of the code.'),
    timezone: z.string(),
    next_opens_at: instant.nullable().describe('Null when the code never opens again.'),
  }),
  PROMO_CODE_WRONG_KIND: ofPromoCode.extend({ kind: z.string() }),
  PROMO_CODE_WRONG_OFFER: ofPromoCode.extend({ offer_id: z.string().nullable() }),
  PROMO_CODE_WRONG_AUDIENCE: ofPromoCode.extend({ audience: z.string() }),
  PROMO_CODE_WRONG_CURRENCY: ofPromoCode.extend({ currency: currency.optional() }),
  PROMO_CODE_BELOW_MINIMUM: ofPromoCode.extend({ minimum_minor: minor }),
  PROMO_CODE_NOT_COMBINABLE: ofPromoCode.extend({
    stacking: z.string().optional(),
    left_minor: minor.optional().describe('What the codes before it leave of the price.'),
  }),
  PROMO_CODE_USED_UP: ofPromoCode.extend({ max_uses: count.nullable().optional() }),
  PROMO_CODE_PERSON_LIMIT: ofPromoCode.extend({ max_uses_per_person: count.nullable().optional() }),
  PROMO_CODE_NEW_PERSON_LIMIT: ofPromoCode,
  PROMO_CODE_OFFER_LIMIT: ofPromoCode.extend({ max_uses_per_offer: count.nullable().optional() }),
  PROMO_CODE_BUDGET_SPENT: ofPromoCode,
  PROMO_HOLD_ENDED: z.object({ order_id: orderId }),
  PROMO_CODE_CHANGED: z.object({ newest: count.describe('The version that it is at.') }),
  PROMO_CODE_LIMIT_BELOW_USES: z.object({ taken: count.describe('The uses, or the amount, that are taken.') }),
  PROMO_CODE_STATUS_CONFLICT: z.object({ status: z.string() }),
  PATTERN_TOO_SMALL: z.object({ size: count.describe('How many codes the pattern has.') }),
  CODE_BATCH_CLOSED: z.object({ state: z.string() }),
} as const satisfies Readonly<Record<string, z.ZodObject>>;
