import { classId, codeId, personId } from './ids.js';

const counters = { used: 119, held: 1, given_minor: 147_500, of_person: 0, of_offer: 80 };

const receipt = {
  receipt_id: '0198c0de-7a11-7c3e-8f00-3b5d1f6a0009',
  what: 'apply',
  allowed: false,
  reason: 'PROMO_CODE_OUTSIDE_HOURS',
  explanation:
    'This promo code is outside its active hours: 06:00–09:00 on days 1, 2, 3, 4, 5; it is 2026-03-02 14:30:00 in Asia/Kolkata.',
  code_id: codeId,
  code: 'Spring26',
  person_id: personId,
  offer_id: null,
  order_id: null,
  conversion_id: null,
  redemption_id: null,
  trace_id: '4bf92f3577b34da6a3ce929d0e0e4736',
  local_time: '2026-03-02 14:30:00',
  timezone: 'Asia/Kolkata',
  trace: [
    { rule: 'kind', ok: true, saw: 'bonus' },
    { rule: 'status', ok: true, saw: 'active' },
    { rule: 'validity', ok: true, saw: 'ever to ever' },
    { rule: 'hours', ok: false, saw: '06:00–09:00 on days 1, 2, 3, 4, 5; it is 2026-03-02 14:30:00 in Asia/Kolkata' },
  ],
  before: counters,
  after: counters,
  at: '2026-03-02T09:00:00Z',
};

const passed = { rule: 'status', result: 'passed', saw: 'active' };
const steps = [
  passed,
  {
    rule: 'hours',
    result: 'failed',
    saw: '06:00–09:00 on days 1, 2, 3, 4, 5; it is 2026-03-02 14:30:00 in Asia/Kolkata',
  },
  { rule: 'audience', result: 'not_evaluated', saw: null },
];

/** One example of each named shape of the decisions about promo codes, by the name of its schema. */
export const promoDecisionsExamples = {
  RuleResult: { rule: 'kind', ok: true, saw: 'bonus' },
  DecisionStep: passed,
  DecisionReceipt: receipt,
  DecisionReceiptDetails: { ...receipt, steps, next_opens_at: '2026-03-03T00:30:00Z' },
  PersonReceipt: {
    receipt_id: receipt.receipt_id,
    what: receipt.what,
    allowed: receipt.allowed,
    reason: receipt.reason,
    explanation: receipt.explanation,
    code: receipt.code,
    code_id: codeId,
    offer_id: null,
    order_id: null,
    conversion_id: null,
    local_time: receipt.local_time,
    timezone: receipt.timezone,
    steps,
    at: receipt.at,
  },
  PromoCodeRefusals: {
    code_id: codeId,
    code: receipt.code,
    from: '2026-03-01',
    to: '2026-03-02',
    refusals: 312,
    reasons: [
      { reason: 'PROMO_CODE_OUTSIDE_HOURS', refusals: 280 },
      { reason: 'PROMO_CODE_PERSON_LIMIT', refusals: 32 },
    ],
    days: [
      { day: '2026-03-01', refusals: 280, reasons: [{ reason: 'PROMO_CODE_OUTSIDE_HOURS', refusals: 280 }] },
      { day: '2026-03-02', refusals: 32, reasons: [{ reason: 'PROMO_CODE_PERSON_LIMIT', refusals: 32 }] },
    ],
  },
  SimulateCode: { person_id: personId, offer_id: classId, amount_minor: 25_000, at: '2026-03-02T01:00:00Z' },
  SimulatedDecision: {
    code_id: codeId,
    code: receipt.code,
    what: 'apply',
    at: '2026-03-02T01:00:00Z',
    as_of: receipt.at,
    allowed: true,
    reason: null,
    explanation: 'The code works.',
    local_time: '2026-03-02 06:30:00',
    timezone: receipt.timezone,
    steps: [passed],
    counters,
    benefit_minor: 1_250,
    currency: 'INR',
    benefit: 'Spring26: bonus of 12.50 INR (5% of 250.00 INR is 12.50 INR)',
    next_opens_at: null,
    closes_at: '2026-03-02T03:31:00Z',
  },
};
