/**
 * One real instance of each named shape of the API documents, by the name of its schema. A test holds each against its
 * schema.
 */

const personId = '0198c0de-7a11-7c3e-8f00-3b5d1f6a0001';
const ruleId = '0198c0de-7a11-7c3e-8f00-3b5d1f6a0002';
const classId = '0198c0de-7a11-7c3e-8f00-3b5d1f6a0003';
const orderId = '0198c0de-7a11-7c3e-8f00-3b5d1f6a0004';
const paymentId = '0198c0de-7a11-7c3e-8f00-3b5d1f6a0005';
const transferId = '0198c0de-7a11-7c3e-8f00-3b5d1f6a0006';
const codeId = '0198c0de-7a11-7c3e-8f00-3b5d1f6a0008';
const codeBatchId = '0198c0de-7a11-7c3e-8f00-3b5d1f6a000a';

const person = {
  person_id: personId,
  name: 'Asha Rao',
  username: 'asha',
  email: 'asha@example.org',
  registered_at: '2026-03-02T08:59:00Z',
};

const template = { name: 'price', type: 'amount_minor', required: true };

const golden = {
  title: 'A course in Kolkata',
  parameters: { price: 150_000 },
  ordered_at: '2026-03-02T18:45:00Z',
  time_zone: 'Asia/Kolkata',
  currency: 'INR',
  class_start: null,
  class_end: null,
  expect: { amount_minor: 150_000, start_date: '2026-03-03', end_date: null },
};

const ruleBody = {
  title: 'Single payment subscription',
  description: 'One payment for the whole class.',
  method: 'single_payment',
  parameters: [template],
  examples: [golden],
};

const amountType = {
  name: 'amount_minor',
  schema: { type: 'integer', minimum: 0 },
  ui_schema: { 'ui:widget': 'updown', 'ui:title': 'Price in minor units' },
};

const classBody = {
  title: 'Beginners’ Sanskrit',
  description: 'Twelve evenings, from the alphabet to the first verses.',
  rule_id: ruleId,
  parameters: { price: 150_000 },
  time_zone: 'Asia/Kolkata',
  currency: 'INR',
  capacity: 30,
  approval_required: false,
  start_date: '2026-04-01',
  end_date: '2026-06-30',
  payment_window_hours: 48,
};

const payment = {
  payment_id: paymentId,
  provider: 'cash',
  reference: 'R-2026-0042',
  amount_minor: 200_000,
  currency: 'INR',
  person_id: personId,
  order_id: orderId,
  refunded_minor: 0,
  funded_orders: [{ order_id: orderId, amount_minor: 150_000, transfer_id: transferId }],
  registered_at: '2026-03-02T09:00:04Z',
};

const notificationId = '0198c0de-7a11-7c3e-8f00-3b5d1f6a000b';

const dismissal = {
  dismissed_at: '2026-03-02T10:15:00Z',
  dismissed_by: 'ravi@office',
  note: 'The provider confirms 2000.00 INR; the second notification was a mistake of theirs.',
};

const quoted = [
  { step: 'amount', says: 'It costs 1500.00 INR, paid once.' },
  { step: 'start', says: 'It starts when the class starts, on 2026-04-01.' },
  { step: 'end', says: 'It ends with the class, on 2026-06-30, that day included.' },
];

const discount = {
  code: 'SPRING-20',
  discount_minor: 30_000,
  explanation: 'SPRING-20: minus 300.00 INR (20% of 1500.00 INR is 300.00 INR)',
};

const conversion = {
  conversion_id: 'shop-7/order-100245',
  person_id: personId,
  offer_id: 'shop-7',
  payout_minor: 9_500,
  currency: 'EUR',
  occurred_at: '2026-03-02T08:59:12Z',
};

const conversionUse = {
  use_id: '0198c0de-7a11-7c3e-8f00-3b5d1f6a00a1',
  code_id: '0198c0de-7a11-7c3e-8f00-3b5d1f6a00a2',
  code: 'READERS-5',
  bonus_minor: 475,
  currency: 'EUR',
  explanation: 'READERS-5: bonus of 4.75 EUR (5% of 95.00 EUR is 4.75 EUR)',
};

const conversionOutcome = {
  conversion_id: conversion.conversion_id,
  uses: [conversionUse],
  refusals: [
    {
      code_id: '0198c0de-7a11-7c3e-8f00-3b5d1f6a00a3',
      code: 'Welcome',
      reason: 'PROMO_CODE_USED_UP',
      details: { max_uses: 3 },
    },
  ],
  recorded_at: '2026-03-02T09:00:00Z',
  problem: null,
};

const fieldError = { field: '/person_id', code: 'MALFORMED', message: 'Invalid UUID' };

const application = {
  user_id: personId,
  username: person.username,
  email: person.email,
  offer_id: classId,
  offer_name: classBody.title,
  applied_at: '2026-03-02T09:00:00Z',
  bonus_earned: 12.5,
  conversion_id: 'conv-7Qk2',
};

const topCode = {
  code_id: '0198c0de-7a11-7c3e-8f00-3b5d1f6a0008',
  code: 'Spring26',
  title: 'Spring bonus',
  kind: 'bonus',
  redemptions: 120,
  reversals: 2,
  amounts: [
    { currency: 'INR', discount_minor: 0, bonus_minor: 150_000, taken_back_minor: 2_500, revenue_minor: 18_000_000 },
  ],
};

const counters = { used: 119, held: 1, given_minor: 147_500, of_person: 0, of_offer: 80 };

const offeredUse = {
  code: 'SPRING-10',
  kind: 'discount',
  benefit_minor: 490,
  currency: 'EUR',
  explanation: 'SPRING-10: minus 4.90 EUR (10% of 49.00 EUR is 4.90 EUR)',
  closes_at: '2026-03-02T17:00:00Z',
};

const activeHours = { enabled: true, start_time: '06:00', end_time: '09:00', timezone: 'Asia/Kolkata' };

const giveBack = { cancel: true, refund: true, fraud: false, chargeback: false };

const promoCodeTerms = {
  title: 'Early birds of spring',
  owner_id: 'studio-kolkata',
  kind: 'discount',
  percent_bp: 1_250,
  amount_minor: null,
  cap_minor: 50_000,
  minimum_minor: 100_000,
  currency: 'INR',
  valid_from: '2026-03-01T00:00:00Z',
  valid_until: '2026-05-31T18:30:00Z',
  active_hours: activeHours,
  days: [1, 2, 3, 4, 5],
  max_uses: 500,
  max_uses_per_person: 1,
  max_uses_per_offer: null,
  budget_minor: 5_000_000,
  offers_rule: 'some',
  offers: [classId],
  audience: 'everyone',
  stacking: 'combinable',
  precedence: 10,
  auto_deactivate_on_max_uses: true,
  counts_on: 'conversion',
  give_back: giveBack,
  status: 'active',
};

const codeOpening = {
  day: '2026-03-03',
  mark: 'regular',
  seconds: 10_860,
  intervals: [{ opens_at: '2026-03-03T00:30:00Z', closes_at: '2026-03-03T03:31:00Z' }],
};

export const examples: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  RegisterPerson: { name: person.name, username: person.username, email: person.email },
  Person: person,
  ParameterTypeBody: amountType,
  ParameterType: { ...amountType, saved_at: '2026-03-01T10:00:00Z' },
  ParameterTemplate: template,
  GoldenExample: golden,
  SubscriptionRuleBody: ruleBody,
  SubscriptionRule: { rule_id: ruleId, version: 1, ...ruleBody, published_at: '2026-03-01T10:05:00Z' },
  ClassBody: classBody,
  ClassChangeBody: { capacity: 40, end_date: '2026-07-15' },
  Class: {
    class_id: classId,
    ...classBody,
    rule_version: 1,
    rule_title: ruleBody.title,
    seats_taken: 12,
    published_at: '2026-03-01T10:10:00Z',
  },
  Quote: {
    class_id: classId,
    amount_minor: 150_000,
    currency: 'INR',
    start_date: '2026-04-01',
    end_date: '2026-06-30',
    explanation: quoted.map(({ says }) => says).join(' '),
    trace: quoted,
  },
  Student: {
    person,
    order_id: orderId,
    start_date: '2026-04-01',
    end_date: '2026-06-30',
    enrolled_at: '2026-03-02T09:00:05Z',
  },
  Enrolment: {
    enrolment_id: '0198c0de-7a11-7c3e-8f00-3b5d1f6a0007',
    order_id: orderId,
    class_id: classId,
    class_title: classBody.title,
    start_date: '2026-04-01',
    end_date: '2026-06-30',
    enrolled_at: '2026-03-02T09:00:05Z',
  },
  OpenOrder: { person_id: personId, class_id: classId, promo_code: 'SPRING-20' },
  CancelOrder: { reason: 'changed my mind' },
  Discount: discount,
  Order: {
    order_id: orderId,
    person_id: personId,
    class_id: classId,
    state: 'opened',
    price_minor: 150_000,
    discount_minor: 30_000,
    discounts: [discount],
    amount_minor: 120_000,
    currency: 'INR',
    start_date: '2026-04-01',
    end_date: '2026-06-30',
    rule_id: ruleId,
    rule_version: 1,
    explanation: [...quoted.map(({ says }) => says), `${discount.explanation}.`, '1200.00 INR remain to be paid.'].join(
      ' ',
    ),
    opened_at: '2026-03-02T09:00:00Z',
    expires_at: '2026-03-04T09:00:00Z',
    confirmed_at: null,
    closed_at: null,
    settled_at: null,
    ended_at: null,
    end_reason: null,
  },
  OrderStep: { step: 1, name: 'opened', says: 'The order was opened and a seat is held.', at: '2026-03-02T09:00:00Z' },
  RegisterPayment: {
    order_id: orderId,
    amount_minor: 200_000,
    currency: 'INR',
    method: 'cash',
    reference: 'R-2026-0042',
  },
  Payment: payment,
  UnmatchedPayment: {
    payment_id: paymentId,
    provider: 'standard',
    reference: 'pay_7Qk2',
    amount_minor: 150_000,
    currency: 'INR',
    person_id_named: 'asha',
    order_id_named: null,
    refunded_minor: 0,
    registered_at: '2026-03-02T09:00:04Z',
  },
  AssignPayment: { person_id: personId },
  QuarantinedNotification: {
    notification_id: notificationId,
    provider: 'standard',
    event_id: 'evt_5Hw9',
    reason: 'EVENT_ID_REUSED',
    payment_id: paymentId,
    received_at: '2026-03-02T09:03:00Z',
    headers: { 'webhook-id': 'evt_5Hw9', 'webhook-timestamp': '1772442180' },
    body: '{"type":"payment.succeeded","data":{"payment_id":"pay_7Qk2","amount_minor":250000,"currency":"INR"}}',
    dismissal: null,
    settlement: null,
  },
  DismissNotification: { note: dismissal.note },
  DismissedNotification: { notification_id: notificationId, ...dismissal },
  Account: {
    person_id: personId,
    at: '2026-03-02T09:01:00Z',
    balances: [
      { currency: 'INR', posted_minor: 50_000, reserved_minor: 0, available_minor: 50_000, owed_minor: 0, version: 2 },
    ],
  },
  AccountEntry: {
    version: 2,
    currency: 'INR',
    amount_minor: -150_000,
    balance_after_minor: 50_000,
    movement: 'reserve',
    transfer_id: transferId,
    order_id: orderId,
    payment_id: paymentId,
    posted_at: '2026-03-02T09:00:05Z',
  },
  OrderMoney: {
    order_id: orderId,
    receivable: {
      person_id: personId,
      amount_minor: 150_000,
      currency: 'INR',
      state: 'settled',
      explanation: '1500.00 INR stand on the class’s account.',
    },
    payments: [payment],
    transfers: [
      {
        transfer_id: paymentId,
        movement: 'register-payment',
        state: 'posted',
        from: 'provider_clearing cash',
        to: `person ${personId}`,
        amount_minor: 200_000,
        currency: 'INR',
        payment_id: paymentId,
        created_at: '2026-03-02T09:00:04Z',
        resolved_at: '2026-03-02T09:00:04Z',
      },
      {
        transfer_id: transferId,
        movement: 'reserve',
        state: 'posted',
        from: `person ${personId}`,
        to: `class ${classId}`,
        amount_minor: 150_000,
        currency: 'INR',
        payment_id: paymentId,
        created_at: '2026-03-02T09:00:04Z',
        resolved_at: '2026-03-02T09:00:05Z',
      },
    ],
  },
  TrialBalance: {
    at: '2026-03-02T09:01:00Z',
    balanced: true,
    currencies: [
      {
        currency: 'INR',
        sum_minor: 0,
        accounts: [
          {
            kind: 'person',
            accounts: 1,
            debits_minor: 150_000,
            credits_minor: 200_000,
            balance_minor: 50_000,
            pending_debits_minor: 0,
            pending_credits_minor: 0,
          },
        ],
      },
    ],
  },
  OfferAnalytics: {
    code: topCode.code,
    total_uses: 118,
    offer_breakdown: [
      { offer_id: classId, offer_name: classBody.title, uses: 80, total_bonus: 1_000, unique_users: 64 },
      { offer_id: 'shop-7', offer_name: 'A bookshop', uses: 38, total_bonus: 475.5, unique_users: 38 },
    ],
  },
  UserApplication: application,
  UserApplications: { applications: [application], total: 120, page: 1, limit: 50 },
  PromoCodeSeries: {
    code_id: topCode.code_id,
    code: topCode.code,
    from: '2026-03-01',
    to: '2026-03-02',
    days: [
      { day: '2026-03-01', redemptions: 0, reversals: 0, amounts: [] },
      { day: '2026-03-02', redemptions: 120, reversals: 2, amounts: topCode.amounts },
    ],
  },
  TopPromoCode: topCode,
  TopPromoCodes: { items: [topCode] },
  DecisionReceipt: {
    receipt_id: '0198c0de-7a11-7c3e-8f00-3b5d1f6a0009',
    what: 'convert',
    allowed: true,
    reason: null,
    code_id: topCode.code_id,
    code: topCode.code,
    person_id: personId,
    offer_id: classId,
    local_time: '2026-03-02 14:30:00',
    timezone: 'Asia/Kolkata',
    trace: [{ rule: 'status', ok: true, saw: 'active' }],
    before: counters,
    after: { ...counters, used: 120, given_minor: 150_000, of_person: 1, of_offer: 81 },
    at: '2026-03-02T09:00:00Z',
  },
  PromoCodeProof: {
    code_id: topCode.code_id,
    code: topCode.code,
    counter: 118,
    sum_of_rows: 118,
    analytics: 118,
    holds: { counter: 1, rows: 1 },
    per_person: 119,
    per_offer: 119,
    max_uses: 500,
    agrees: true,
    disagreements: [],
    at: '2026-03-02T09:01:00Z',
  },
  ValidatePromoCodes: {
    person_id: personId,
    promo_codes: ['spring-10'],
    offer_id: classId,
    amount_minor: 4_900,
    currency: 'EUR',
  },
  OfferedUse: offeredUse,
  PromoCodesVerdict: { usable: true, uses: [offeredUse], benefit_minor: 490, refusal: null },
  ActiveHours: activeHours,
  GiveBack: giveBack,
  PromoCodeBody: { code: 'Spring-2026', ...promoCodeTerms },
  PromoCodeTerms: promoCodeTerms,
  PromoCodeChange: { max_uses: 800, active_hours: { end_time: '10:00' }, version: 3 },
  PromoCode: {
    code_id: codeId,
    code: 'Spring-2026',
    batch_id: null,
    ...promoCodeTerms,
    auto_deactivated_at: null,
    usage_count: 212,
    held_count: 3,
    given_minor: 3_975_000,
    held_minor: 56_250,
    version: 3,
    first_used_at: '2026-03-02T00:31:07Z',
    created_at: '2026-02-20T10:00:00Z',
    created_by: 'development-admin',
    updated_at: '2026-02-27T16:20:00Z',
  },
  PromoCodeAudit: {
    version: 3,
    changed_by: 'development-admin',
    at: '2026-02-27T16:20:00Z',
    before: { max_uses: 300 },
    after: { max_uses: 500 },
  },
  CodeOpening: codeOpening,
  CodeOpenings: { code_id: codeId, timezone: 'Asia/Kolkata', openings: [codeOpening] },
  GenerateCodes: { pattern: 'SPRING-####-????', count: 100_000, terms: promoCodeTerms },
  CodeBatch: {
    batch_id: codeBatchId,
    kind: 'generate',
    state: 'running',
    pattern: 'SPRING-####-????',
    wanted: 100_000,
    done: 60_000,
    failed: 0,
    explanation: '60000 of 100000 codes are created (60 %).',
    report: [],
    created_by: 'development-admin',
    created_at: '2026-02-20T10:00:00Z',
    finished_at: null,
  },
  PublisherCode: {
    code_id: codeId,
    code: 'Spring-2026',
    title: promoCodeTerms.title,
    kind: 'discount',
    status: 'active',
    benefit: '12.5%, at most 500.00 INR, from 1000.00 INR on',
    currency: 'INR',
    valid_from: promoCodeTerms.valid_from,
    valid_until: promoCodeTerms.valid_until,
    hours: {
      active_hours: activeHours,
      days: promoCodeTerms.days,
      as_of: '2026-03-02T09:00:00Z',
      open: false,
      local_time: '2026-03-02 14:30:00',
      next_opens_at: '2026-03-03T00:30:00Z',
      closes_at: null,
      seconds_to_opening: 55_800,
      seconds_to_closing: null,
    },
    uses: { used: 212, held: 3, max_uses: 500, remaining: 285, max_uses_per_person: 1, max_uses_per_offer: null },
    money: { given_minor: 3_975_000, held_minor: 56_250, budget_minor: 5_000_000, remaining_minor: 968_750 },
    offers: { rule: 'some', offers: [{ offer_id: classId, name: classBody.title }] },
    first_used_at: '2026-03-02T00:31:07Z',
    auto_deactivated_at: null,
  },
  RegisterOffer: { offer_id: 'shop-7', name: 'A bookshop', currency: 'EUR' },
  ChangeOffer: { name: 'The bookshop' },
  Offer: {
    offer_id: 'shop-7',
    name: 'A bookshop',
    class_id: null,
    currency: 'EUR',
    registered_at: '2026-03-01T08:00:00Z',
    changed_at: '2026-03-01T08:00:00Z',
    deleted_at: null,
  },
  Conversion: conversion,
  ConversionOutcome: conversionOutcome,
  ConversionOutcomes: { items: [conversionOutcome] },
  RecordedConversion: {
    ...conversion,
    order_id: null,
    uses: conversionOutcome.uses,
    refusals: conversionOutcome.refusals,
    recorded_at: conversionOutcome.recorded_at,
    reversed_at: '2026-03-09T12:00:00Z',
    reverse_reason: 'refund',
  },
  ReverseConversion: { reason: 'refund', conversion_id: conversion.conversion_id },
  Reversal: {
    conversion_id: conversion.conversion_id,
    reason: 'refund',
    reversed_at: '2026-03-09T12:00:00Z',
    uses: [
      {
        use_id: conversionUse.use_id,
        code_id: conversionUse.code_id,
        code: conversionUse.code,
        bonus_minor: conversionUse.bonus_minor,
        currency: conversionUse.currency,
        gives_back: true,
      },
    ],
  },
  ApplyPromoCode: { person_id: personId, promo_code: 'readers-5' },
  HeldPromoCode: {
    code_id: conversionUse.code_id,
    code: conversionUse.code,
    title: 'For readers',
    percent_bp: 500,
    amount_minor: null,
    cap_minor: null,
    minimum_minor: null,
    currency: null,
    counts_on: 'conversion',
    applied_at: '2026-03-01T17:45:00Z',
    state: 'applied',
    usable: true,
    refusal: null,
    active_hours: activeHours,
    days: null,
    next_opens_at: '2026-03-03T00:30:00Z',
    closes_at: null,
    valid_from: null,
    valid_until: null,
    offers_rule: 'some',
    offers: [{ offer_id: 'shop-7', name: 'A bookshop' }],
    uses: 1,
  },
  FieldError: fieldError,
  Problem: {
    type: 'urn:matricula:problem:invalid-input',
    title: 'Bad Request',
    status: 400,
    code: 'INVALID_INPUT',
    detail: 'person_id: Invalid UUID',
    field: fieldError.field,
    errors: [fieldError],
    trace_id: '4bf92f3577b34da6a3ce929d0e0e4736',
  },
};
