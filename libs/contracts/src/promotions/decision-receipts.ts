import { z } from 'zod';
import { query } from '../contract.js';
import { amountMinor, currency, day, id, instant, pageOf, paging, positiveAmountMinor, text } from '../wire.js';
import { commonInstant, subject } from './promo-code-terms.js';
import { offerId } from './promo-redemptions.js';

/** Why codes were allowed and refused: receipts of single decisions, refusals by day, and simulations. */

/** Read with a receipt: its position in the list. */
const receiptKey = z.tuple([instant, id]);

export const decided = z.enum(['hold', 'apply', 'convert', 'reverse']).describe('The decision.');

/** One evaluated rule: whether it passed, and the value that it compared. */
export const ruleResult = z.object({ rule: z.string(), ok: z.boolean(), saw: z.string() }).meta({ id: 'RuleResult' });

/** One rule or limit of a decision, in the order of evaluation. */
export const decisionStep = z
  .object({
    rule: z.string(),
    result: z
      .enum(['passed', 'failed', 'not_evaluated'])
      .describe('A decision evaluates its rules in order, up to the first that fails.'),
    saw: z.string().nullable().describe('The value that the rule compared; null where none was recorded.'),
  })
  .meta({ id: 'DecisionStep' });

const counters = z.object({
  used: z.int().nullable(),
  held: z.int().nullable(),
  given_minor: z.int().nullable(),
  of_person: z.int().nullable(),
  of_offer: z.int().nullable(),
});

const receipt = {
  receipt_id: id,
  what: decided,
  allowed: z.boolean(),
  reason: z.string().nullable().describe('The code of the refusal, or the reason of a reversal.'),
  explanation: z.string().describe('The decision in one sentence.'),
  code_id: id.nullable().describe('Null when no code has this text.'),
  code: z.string(),
  person_id: id.nullable(),
  offer_id: z.string().nullable(),
  order_id: id.nullable(),
  conversion_id: z.string().nullable(),
  redemption_id: id
    .nullable()
    .describe('The hold or redemption; null for a refusal and for an application without one.'),
  trace_id: z.string().nullable().describe('The id of the request in the logs of all services.'),
  local_time: z.string().nullable().describe('The wall-clock time in the zone of the code.'),
  timezone: z.string().nullable(),
  trace: z.array(ruleResult).describe('The evaluated rules in order, with their results.'),
  before: counters,
  after: counters,
  at: instant,
};

export const decisionReceipt = z.object(receipt).meta({ id: 'DecisionReceipt' });

/** The filters of a list of receipts. */
export const receiptFilter = {
  allowed: z.boolean().optional(),
  reason: text(200).optional().describe('A reason, such as PROMO_CODE_OUTSIDE_HOURS.'),
  what: decided.optional(),
  order_id: id.optional(),
  from: instant.optional().describe('Decisions at this instant or later.'),
  to: instant.optional().describe('Decisions before this instant.'),
};

/** A list of receipts grows without end. So its items are counted only on request. */
const receiptPaging = {
  ...paging(receiptKey),
  count: z.boolean().optional().describe('Whether the items are counted for `total`; false by default.'),
};

export const listDecisionReceipts = query({
  type: 'promotions.list-decision-receipts.v1',
  service: 'promotions',
  about: 'Decision receipts, newest first, by code, person, order, decision, reason and time.',
  request: z.object({ code_id: id.optional(), person_id: id.optional(), ...receiptFilter, ...receiptPaging }),
  response: pageOf(decisionReceipt),
});

export const decisionReceiptDetails = z
  .object({
    ...receipt,
    steps: z.array(decisionStep).describe('Every rule and limit of the decision in order, also those after a refusal.'),
    next_opens_at: instant
      .nullable()
      .describe('For a refusal by hours or validity: the next instant at which the present terms allow a use.'),
  })
  .meta({ id: 'DecisionReceiptDetails' });

export const getDecisionReceipt = query({
  type: 'promotions.get-decision-receipt.v1',
  service: 'promotions',
  about: 'Returns one decision with every rule in order, and the counters before and after it.',
  refusals: ['RECEIPT_NOT_FOUND'],
  request: z.object({ receipt_id: id }),
  response: decisionReceiptDetails,
});

/** A decision as its person sees it: without counters, which belong to the publisher. */
export const personReceipt = z
  .object({
    receipt_id: id,
    what: decided,
    allowed: z.boolean(),
    reason: z.string().nullable().describe('The precise one for holders of the code; else PROMO_CODE_NOT_USABLE.'),
    explanation: z.string(),
    code: z.string(),
    code_id: id.nullable().describe('Null unless the person holds the code.'),
    offer_id: z.string().nullable(),
    order_id: id.nullable(),
    conversion_id: z.string().nullable(),
    local_time: z.string().nullable().describe('Null unless the person holds the code.'),
    timezone: z.string().nullable(),
    steps: z.array(decisionStep).describe('Empty unless the person holds the code.'),
    at: instant,
  })
  .meta({ id: 'PersonReceipt' });

export const listPersonReceipts = query({
  type: 'promotions.list-person-receipts.v1',
  service: 'promotions',
  about:
    'The decisions about the promo codes of a person, newest first, as the person may see them. A code that they do not ' +
    'hold has the same refusal for every reason, and whether it exists or not.',
  request: z.object({ person_id: id, ...receiptPaging }),
  response: pageOf(personReceipt),
});

/** Refusals of one reason. */
const refusals = z.object({ reason: z.string(), refusals: z.int().min(1) });
const utcDay = day.describe('A UTC day.');

export const codeRefusals = z
  .object({
    code_id: id,
    code: z.string(),
    from: utcDay,
    to: utcDay,
    refusals: z.int().min(0).describe('All refusals of the date range.'),
    reasons: z.array(refusals).describe('The most frequent reason first.'),
    days: z
      .array(z.object({ day: utcDay, refusals: z.int().min(0), reasons: z.array(refusals) }))
      .describe('Every day of the range, also days without refusals.'),
  })
  .meta({ id: 'PromoCodeRefusals' });

export const getCodeRefusals = query({
  type: 'promotions.get-code-refusals.v1',
  service: 'promotions',
  about:
    'The refusals of a code by reason and day (UTC), exact at the time of the request. The last 30 days by default, at ' +
    'most 800.',
  refusals: ['PROMO_CODE_NOT_FOUND', 'DATES_REVERSED', 'SPAN_TOO_LONG'],
  request: z.object({
    code_id: id,
    owned_by: subject.nullable().describe('The publisher whose codes are visible; null where all are.'),
    from: utcDay.optional(),
    to: utcDay.optional(),
  }),
  response: codeRefusals,
});

export const simulateCodeBody = z
  .strictObject({
    what: decided
      .exclude(['reverse'])
      .optional()
      .describe('By default a discount is held; a bonus is converted if the person applied it, else applied.'),
    person_id: id.optional().describe('Nobody in particular by default: the audience is not evaluated.'),
    offer_id: offerId.optional().describe('Without an offer the rule about offers passes.'),
    amount_minor: positiveAmountMinor.optional().describe('The price before discounts, or the payout of the offer.'),
    currency: currency.optional().describe('The currency of the code by default.'),
    at: commonInstant.optional().describe('The instant that validity and hours are evaluated for; now by default.'),
  })
  .meta({ id: 'SimulateCode' });

export const simulatedDecision = z
  .object({
    code_id: id,
    code: z.string(),
    what: decided,
    at: instant,
    as_of: instant.describe('The instant of the status, the terms and the counters.'),
    allowed: z.boolean(),
    reason: z.string().nullable().describe('The reason that a decision would have: that of the first step that fails.'),
    explanation: z.string(),
    local_time: z.string(),
    timezone: z.string(),
    steps: z.array(decisionStep).describe('Every rule and limit, also those after the first that fails.'),
    counters,
    benefit_minor: amountMinor.nullable().describe('The benefit; null without an amount and its currency.'),
    currency: currency.nullable(),
    benefit: z.string().describe('The benefit in words.'),
    next_opens_at: instant.nullable().describe('The next opening after `at`; null while open, or if there is none.'),
    closes_at: instant.nullable(),
  })
  .meta({ id: 'SimulatedDecision' });

export const simulateCode = query({
  type: 'promotions.simulate-code.v1',
  service: 'promotions',
  about:
    'Evaluates a code for another time, person, offer or amount, and takes nothing. Hours and validity are those of `at`; ' +
    'status, terms and counters are those of now.',
  refusals: ['PROMO_CODE_NOT_FOUND', 'CURRENCY_UNKNOWN'],
  request: simulateCodeBody.extend({ code_id: id }),
  response: simulatedDecision,
});
