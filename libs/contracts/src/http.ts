import { z } from 'zod';
import { action, actionsFilter, listPaymentsActions } from './actions.js';
import { cursorFitsSort } from './cursors.js';
import { listWebhookDeliveries, webhookDeliveriesFilter } from './notifications/webhook-deliveries.js';
import { listWebhookEndpoints, webhookEndpointsFilter } from './notifications/webhook-endpoints.js';
import { listOperatorActions, listParkedMessages } from './ops.js';
import { listAccountEntries } from './payments/accounts.js';
import { accountsFilter, listLedgerAccounts, listLedgerEntries } from './payments/ledger.js';
import { listPayments, paymentsFilter } from './payments/payment-search.js';
import { listUnmatchedPayments, unmatchedState } from './payments/payments.js';
import {
  listQuarantinedNotifications,
  quarantinedPage,
  quarantinedState,
} from './payments/quarantined-notifications.js';
import { listMissingRefunds, listWaitingRefunds } from './payments/refunds.js';
import { listDecisionReceipts, listPersonReceipts, receiptFilter } from './promotions/decision-receipts.js';
import { listOffers, offersFilter } from './promotions/offers.js';
import { listUserApplications, userApplicationFilter } from './promotions/promo-analytics.js';
import { listHeldCodes } from './promotions/promo-applications.js';
import { batchFilter, listCodeBatches } from './promotions/promo-code-batches.js';
import {
  cursorOfSort,
  listCodeChanges,
  listCodePersons,
  listPromoCodes,
  openingsFrom,
  promoCodeFilter,
  promoCodesListed,
} from './promotions/promo-codes.js';
import { listPublisherCodes } from './promotions/publisher-codes.js';
import { classesFilter, classesKeys, listClasses, listEnrolments, listStudents } from './subscriptions/classes.js';
import { dueOrdersWaitForPayment, listOrders, ordersFilter } from './subscriptions/orders.js';
import { listParameterTypes } from './subscriptions/parameter-types.js';
import { searchPersons } from './subscriptions/persons.js';
import { listRules } from './subscriptions/rules.js';
import {
  dueBeforeIsSorted,
  listSubscriptions,
  subscriptionsFilter,
  subscriptionsKeys,
} from './subscriptions/subscriptions.js';
import {
  currency,
  fieldError,
  id,
  instant,
  optionalText,
  pageItemsMax,
  pageMax,
  type paging,
  versionMax,
} from './wire.js';

/** Shapes of the HTTP edges only. Every other body is beside the message that it belongs to. */

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
    details: z
      .record(z.string(), z.unknown())
      .optional()
      .describe('Details of a refusal, such as limits and ids; `x-problems` types them by `code`.'),
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

/** A truth value in a query string. */
const flag = z
  .string()
  .refine((text) => text === 'true' || text === 'false', 'Must be true or false.')
  .meta({ type: 'boolean' })
  .transform((text) => text === 'true');

/** A cursor says by itself where a list goes on. */
const pageOrAfter: [(query: { page?: unknown; after?: unknown }) => boolean, { path: string[]; error: string }] = [
  ({ page, after }) => page === undefined || after === undefined,
  { path: ['after'], error: 'Give page or after, not both.' },
];

/** A request for a page of a list, as `paging` makes it. */
interface ListRequest {
  readonly shape: { readonly after: ReturnType<typeof paging>['after'] };
}

/** The query string of a list, where every value is text: the filters, and how the list is read. */
export function listQuery<Filters extends z.ZodRawShape>(
  request: ListRequest,
  filters: Filters,
  { most = pageItemsMax, usual = 50 } = {},
) {
  const query = z.strictObject({
    ...filters,
    page: z.coerce
      .number()
      .int()
      .min(1)
      .max(pageMax)
      .optional()
      .describe('Counts from 1, the default. Not together with `after`.'),
    limit: z.coerce.number().int().min(1).max(most).default(usual).describe('Items per page.'),
    after: request.shape.after,
    count: flag.optional().describe('Whether the items are counted for `total`; true by default.'),
  });
  return query.refine(...pageOrAfter);
}

export const webhookEndpointsQuery = listQuery(listWebhookEndpoints.request, webhookEndpointsFilter);
export const webhookDeliveriesQuery = listQuery(listWebhookDeliveries.request, webhookDeliveriesFilter);

export const classesQuery = listQuery(listClasses.request, {
  ...classesFilter,
  available: flag
    .optional()
    .describe('Whether only classes are listed that can be ordered now: not ended, with a free seat.'),
}).refine(...cursorFitsSort(classesKeys));

export const studentsQuery = listQuery(listStudents.request, {});
export const enrolmentsQuery = listQuery(listEnrolments.request, {});
export const parameterTypesQuery = listQuery(listParameterTypes.request, {});
export const rulesQuery = listQuery(listRules.request, {
  retired: flag.optional().describe('Only rules that are retired, or only those that are not.'),
});
export const unmatchedPaymentsQuery = listQuery(listUnmatchedPayments.request, { state: unmatchedState });
export const paymentsQuery = listQuery(listPayments.request, paymentsFilter);
export const ledgerAccountsQuery = listQuery(listLedgerAccounts.request, accountsFilter);
export const ledgerEntriesQuery = listQuery(listLedgerEntries.request, {});
export const waitingRefundsQuery = listQuery(listWaitingRefunds.request, {});
export const missingRefundsQuery = listQuery(listMissingRefunds.request, {});
export const codeChangesQuery = listQuery(listCodeChanges.request, {});
export const codePersonsQuery = listQuery(listCodePersons.request, {});
export const heldCodesQuery = listQuery(listHeldCodes.request, {});

export const operatorActionsQuery = listQuery(listOperatorActions, {});
export const parkedQuery = listQuery(listParkedMessages, {});

/** Without pages by number: the list is merged from the lists of several services. */
export const actionsQuery = z.strictObject({
  ...actionsFilter,
  service: action.shape.service
    .optional()
    .describe('The actions of this service alone. The list of all services is a 503 while one of them is away.'),
  limit: z.coerce.number().int().min(1).max(pageItemsMax).default(50).describe('Items per page.'),
  after: listPaymentsActions.request.shape.after.describe(
    'Continues the list after the page before: its `next_cursor`. There are no pages by number here.',
  ),
  count: flag.optional().describe('Whether the items are counted for `total`; true by default.'),
});

export const personsQuery = listQuery(searchPersons.request, { search: searchPersons.request.shape.search });

export const ordersQuery = listQuery(listOrders.request, ordersFilter).refine(...dueOrdersWaitForPayment);

export const subscriptionsQuery = listQuery(listSubscriptions.request, subscriptionsFilter)
  .refine(...dueBeforeIsSorted)
  .refine(...cursorFitsSort(subscriptionsKeys));

export const offersQuery = listQuery(listOffers.request, offersFilter.shape);

export const promoCodesQuery = listQuery(listPromoCodes.request, promoCodesListed.shape).refine(...cursorOfSort);

export const codeBatchesQuery = listQuery(listCodeBatches.request, batchFilter);

export const publisherCodesQuery = listQuery(
  listPublisherCodes.request,
  promoCodeFilter.pick({ status: true, search: true }).shape,
);

/** Receipts are counted only on request: their number grows without end. */
const receiptsCounted = {
  count: flag.optional().describe('Whether the items are counted for `total`; false by default.'),
};
const receiptsFilter = { ...receiptFilter, allowed: flag.optional() };

export const codeReceiptsQuery = listQuery(listDecisionReceipts.request, {
  person_id: id.optional(),
  ...receiptsFilter,
}).safeExtend(receiptsCounted);

export const receiptsQuery = listQuery(listDecisionReceipts.request, {
  person_id: id.optional(),
  code_id: id.optional(),
  ...receiptsFilter,
}).safeExtend(receiptsCounted);

export const personReceiptsQuery = listQuery(listPersonReceipts.request, {}).safeExtend(receiptsCounted);

/** The gateway checks these itself: out of range is a 422 by agreement. */
const wholeNumber = (minimum: number, maximum: number) =>
  z.string().optional().meta({ type: 'integer', minimum, maximum });

export const userApplicationsQuery = z
  .strictObject({
    ...userApplicationFilter.shape,
    page: wholeNumber(1, pageMax).describe('Counts from 1, the default. Not together with `after`.'),
    limit: wholeNumber(1, pageItemsMax).describe('Items per page; 50 by default.'),
    total: wholeNumber(0, Number.MAX_SAFE_INTEGER).describe(
      'The length at which the list is read: the `total` of the first page, for stable pages by number.',
    ),
    after: listUserApplications.request.shape.after,
    count: flag.optional().describe('Whether the items are counted for `total`; true by default.'),
  })
  .refine(...pageOrAfter);

export const openingsQuery = z.strictObject({
  from: openingsFrom.optional(),
  days: z.coerce.number().int().min(1).max(400).default(400),
});

/** The id of an account of the ledger, in a path. */
export const accountId = z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER);

export const accountQuery = z.strictObject({
  at: instant.optional().describe('The instant of the balances; now by default.'),
});

export const entriesQuery = listQuery(listAccountEntries.request, {
  currency: currency.optional(),
  at: instant.optional().describe('The instant of the statement: later entries are left out. Now by default.'),
});

export const quarantinedQuery = listQuery(
  listQuarantinedNotifications.request,
  { state: quarantinedState },
  quarantinedPage,
);

export const ruleQuery = z.strictObject({
  version: z.coerce.number().int().min(1).max(versionMax).optional().describe('The newest by default.'),
});

export const cancelOrderBody = z.strictObject({ reason: optionalText(200).optional() }).meta({ id: 'CancelOrder' });

/** 1 to 255 visible ASCII characters; the IETF draft of this header leaves the format to the server. */
export const idempotencyKey = z.string().regex(/^[\x21-\x7e]{1,255}$/);
