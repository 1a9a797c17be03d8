import { z } from 'zod';
import { action, actionsFilter } from './actions.js';
import { unmatchedState } from './payments/payments.js';
import { quarantinedLimitMax, quarantinedState } from './payments/quarantined-notifications.js';
import { offersFilter } from './promotions/offers.js';
import { openingsFrom, promoCodeFilter } from './promotions/promo-codes.js';
import { orderState } from './subscriptions/orders.js';
import { searchPersons } from './subscriptions/persons.js';
import { currency, id, instant, optionalText, versionMax } from './wire.js';

/** Shapes of the HTTP edges only. Every other body is beside the message that it belongs to. */

/** A fault of one member of a request. */
export const fieldError = z
  .object({
    field: z.string().describe('JSON Pointer (RFC 6901) to the member; empty for the whole body.'),
    code: z.string().describe('Stable and UPPER_SNAKE.'),
    message: z.string(),
  })
  .meta({ id: 'FieldError' });

/** A problem document (RFC 9457). Programs decide by `code`; `title` and `detail` are for people and may change. */
export const problem = z
  .object({
    type: z.string().describe('A URN of this kind of problem.'),
    title: z.string(),
    status: z.int().min(400).max(599),
    code: z.string().describe('Stable and UPPER_SNAKE.'),
    detail: z.string(),
    field: z.string().optional().describe('The first member at fault, as in `errors`.'),
    errors: z.array(fieldError).optional().describe('The members at fault.'),
    details: z.record(z.string(), z.unknown()).optional().describe('Details of a refusal, such as limits and ids.'),
    trace_id: z.string().optional().describe('The id of this request in the logs and messages of all services.'),
  })
  .meta({ id: 'Problem' });

/** A ticket for the live stream of one order. */
export const streamTicket = z
  .object({
    ticket: z.string().describe('The `ticket` of `GET /api/orders/{id}/events?ticket=…`.'),
    expires_at: instant.describe('A stream can be opened, and opened again, until then.'),
  })
  .meta({ id: 'StreamTicket' });

/** Paging in a query string, where every value is text. */
export const pagingQuery = {
  page: z.coerce.number().int().min(1).max(1_000_000).default(1).describe('Counts from 1.'),
  limit: z.coerce.number().int().min(1).max(200).default(50).describe('Items per page.'),
};

/** Which actions of admins are listed, and after which one. */
export const actionsQuery = z.strictObject({
  ...actionsFilter,
  service: action.shape.service.optional(),
  after: z.string().min(1).max(200).optional().describe('The `next_cursor` of the piece before.'),
  limit: pagingQuery.limit,
});

export const pageQuery = z.strictObject(pagingQuery);

export const personsQuery = z.strictObject({
  ...searchPersons.request.shape,
  limit: pagingQuery.limit,
});

export const ordersQuery = z.strictObject({
  person_id: id.optional(),
  class_id: id.optional(),
  state: orderState.optional(),
  ...pagingQuery,
});

export const offersQuery = offersFilter.extend(pagingQuery);

export const promoCodesQuery = promoCodeFilter.extend(pagingQuery);

export const publisherCodesQuery = promoCodeFilter.pick({ status: true, search: true }).extend(pagingQuery);

export const openingsQuery = z.strictObject({
  from: openingsFrom.optional(),
  days: z.coerce.number().int().min(1).max(400).default(400),
});

export const accountQuery = z.strictObject({
  at: instant.optional().describe('The instant of the balances; now by default.'),
});

export const entriesQuery = z.strictObject({ currency: currency.optional(), ...pagingQuery });

export const unmatchedQuery = z.strictObject({ state: unmatchedState, ...pagingQuery });

export const quarantinedQuery = z.strictObject({
  state: quarantinedState,
  page: pagingQuery.page,
  limit: z.coerce.number().int().min(1).max(quarantinedLimitMax).default(20).describe('Items per page.'),
});

export const ruleQuery = z.strictObject({
  version: z.coerce.number().int().min(1).max(versionMax).optional().describe('The newest by default.'),
});

export const cancelOrderBody = z.strictObject({ reason: optionalText(200).optional() }).meta({ id: 'CancelOrder' });

/** 1 to 255 visible ASCII characters; the IETF draft of this header leaves the format to the server. */
export const idempotencyKey = z.string().regex(/^[\x21-\x7e]{1,255}$/);
