import { randomUUID } from 'node:crypto';
import { Receiver } from '../../../apps/notifications/test/receiver.js';
import { eventually } from '../eventually.js';
import type { Scenario } from './scenario.js';

/** A command of an admin as the API has it, and what it leaves. */
export interface AdminCommand {
  readonly method?: 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** The kinds of actions that are on record then, as the contracts name them. */
  readonly kinds: readonly string[];
  /** The types of the events that it causes, without service and version. */
  readonly events: readonly string[];
}

type Prepare = (scenario: Scenario) => Promise<AdminCommand>;

const reason = 'A test of authors.';
const someText = () => randomUUID().slice(0, 8);
const code = (terms: object = {}) => ({
  code: someText(),
  kind: 'bonus',
  amount_minor: 100,
  currency: 'EUR',
  ...terms,
});

/** A payment in cash of somebody, registered by another admin. */
async function cash(scenario: Scenario, more: object = {}) {
  const { personId } = await scenario.student();
  const body = {
    amount_minor: 900,
    currency: 'EUR',
    method: 'cash',
    reference: someText(),
    person_id: personId,
    ...more,
  };
  const { payment_id } = await scenario.admin.made('/admin/payments', body, { 'idempotency-key': randomUUID() });
  return { personId, paymentId: payment_id as string };
}

/** A payment that names nobody. */
async function suspense(scenario: Scenario): Promise<string> {
  const paymentId = `pay_${randomUUID()}`;
  await scenario.pay({ paymentId, amountMinor: 700 });
  const { body } = await scenario.admin.get('/admin/payments/unmatched?limit=200');
  return body.items.find(({ reference }: { reference: string }) => reference === paymentId).payment_id;
}

/** A person with a bonus code for one use, and the conversion by which it is used. */
async function conversion(scenario: Scenario) {
  const student = await scenario.student();
  const offerId = await scenario.offer();
  const bonus = await scenario.code({ kind: 'bonus', amount_minor: 150, currency: 'EUR', max_uses: 1 });
  await scenario.apply(student, bonus.code);
  return {
    conversion_id: `conversion-${randomUUID()}`,
    person_id: student.personId,
    offer_id: offerId,
    payout_minor: 5_000,
    currency: 'EUR',
    occurred_at: new Date().toISOString(),
  };
}

async function openOrder(scenario: Scenario, terms: object = { priceMinor: 900 }) {
  const student = await scenario.student();
  return { student, orderId: await scenario.order(student, await scenario.class(terms)) };
}

const codeCommand = (what: string, status: string) => async (scenario: Scenario) => {
  const { codeId } = await scenario.code(code({ status }));
  return { path: `/admin/promo-codes/${codeId}/${what}`, kinds: ['change-code-status'], events: [] };
};

const subscriptions: Readonly<Record<string, Prepare>> = {
  registerPerson: async () => ({
    path: '/persons',
    body: { name: 'A Student', username: `student-${someText()}`, email: `${someText()}@example.org` },
    kinds: ['register-person'],
    events: ['person-registered'],
  }),
  changePerson: async (scenario) => ({
    method: 'PATCH',
    path: `/admin/persons/${(await scenario.student()).personId}`,
    body: { name: 'Another Name' },
    kinds: ['change-person'],
    events: ['person-changed'],
  }),
  createClass: async (scenario) => {
    const { body } = await scenario.admin.get(`/admin/classes/${await scenario.class()}`);
    const { rule_id, time_zone, currency } = body;
    const terms = { title: 'A class', rule_id, time_zone, currency };
    return { path: '/admin/classes', body: terms, kinds: ['create-class'], events: ['class-published'] };
  },
  changeClass: async (scenario) => ({
    method: 'PATCH',
    path: `/admin/classes/${await scenario.class()}`,
    body: { title: 'Another title' },
    kinds: ['change-class'],
    events: ['class-changed'],
  }),
  saveParameterType: async () => ({
    path: '/admin/parameter-types',
    body: { name: `type_${someText()}`, schema: { type: 'integer' } },
    kinds: ['save-parameter-type'],
    events: [],
  }),
  changeParameterType: async (scenario) => {
    const name = `type_${someText()}`;
    const { version } = await scenario.admin.made('/admin/parameter-types', { name, schema: { type: 'integer' } });
    const body = { version, ui_schema: { 'ui:title': 'A number' } };
    const path = `/admin/parameter-types/${name}`;
    return { method: 'PATCH', path, body, kinds: ['change-parameter-type'], events: [] };
  },
  publishRule: async () => ({
    path: '/admin/subscription-rules',
    body: { title: 'A rule', method: 'free' },
    kinds: ['publish-rule'],
    events: [],
  }),
  publishRuleVersion: async (scenario) => {
    const rule = { title: 'A rule', method: 'free' };
    const { rule_id } = await scenario.admin.made('/admin/subscription-rules', rule);
    return { path: `/admin/subscription-rules/${rule_id}/versions`, body: rule, kinds: ['publish-rule'], events: [] };
  },
  retireRule: async (scenario) => {
    const { rule_id } = await scenario.admin.made('/admin/subscription-rules', { title: 'A rule', method: 'free' });
    const path = `/admin/subscription-rules/${rule_id}/retire`;
    return { path, body: {}, kinds: ['retire-rule'], events: [] };
  },
  reinstateRule: async (scenario) => {
    const { rule_id } = await scenario.admin.made('/admin/subscription-rules', { title: 'A rule', method: 'free' });
    const path = `/admin/subscription-rules/${rule_id}/reinstate`;
    return { path, body: {}, kinds: ['reinstate-rule'], events: [] };
  },
  openOrder: async (scenario) => ({
    path: '/orders',
    body: { person_id: (await scenario.student()).personId, class_id: await scenario.class({ priceMinor: 900 }) },
    kinds: ['open-order'],
    events: ['order-opened'],
  }),
  cancelOrder: async (scenario) => ({
    path: `/orders/${(await openOrder(scenario)).orderId}/cancel`,
    body: { reason },
    kinds: ['cancel-order'],
    events: ['order-cancelled'],
  }),
  approveOrder: async (scenario) => {
    const { orderId } = await openOrder(scenario, { priceMinor: 900, approvalRequired: true });
    await scenario.pay({ amountMinor: 900, orderId });
    await scenario.orderIn('confirmed', orderId);
    return { path: `/admin/orders/${orderId}/approve`, kinds: ['approve-order'], events: ['order-closed'] };
  },
};

const payments: Readonly<Record<string, Prepare>> = {
  registerPayment: async (scenario) => {
    const { student, orderId } = await openOrder(scenario);
    const body = { amount_minor: 900, currency: 'EUR', method: 'cash', reference: someText(), order_id: orderId };
    const named = { ...body, person_id: student.personId };
    return { path: '/admin/payments', body: named, kinds: ['register-payment'], events: ['payment-registered'] };
  },
  dismissPayment: async (scenario) => ({
    path: `/admin/payments/unmatched/${await suspense(scenario)}/dismiss`,
    body: { note: reason },
    kinds: ['dismiss-payment'],
    events: [],
  }),
  assignPayment: async (scenario) => ({
    path: `/admin/payments/unmatched/${await suspense(scenario)}/assign`,
    body: { person_id: (await scenario.student()).personId },
    kinds: ['assign-payment'],
    events: ['payment-credited'],
  }),
  dismissNotification: async (scenario) => {
    const paymentId = `pay_${randomUUID()}`;
    for (const amountMinor of [500, 600]) await scenario.pay({ paymentId, amountMinor });
    const { body } = await scenario.admin.get('/admin/payments/quarantined');
    const path = `/admin/payments/quarantined/${body.items[0].notification_id}/dismiss`;
    return { path, body: { note: reason }, kinds: ['dismiss-notification'], events: [] };
  },
  refundPayment: async (scenario) => ({
    path: `/admin/payments/${(await cash(scenario)).paymentId}/refunds`,
    body: { reason },
    kinds: ['refund-payment'],
    events: ['payment-refunded'],
  }),
  correctPayment: async (scenario) => ({
    path: `/admin/payments/${(await cash(scenario)).paymentId}/correct`,
    body: { amount_minor: 950, reason },
    kinds: ['correct-payment'],
    events: ['payment-corrected', 'payment-credited'],
  }),
  reassignPayment: async (scenario) => {
    const { personId, orderId } = await openOrder(scenario).then(({ student, ...one }) => ({ ...student, ...one }));
    const { paymentId } = await cash(scenario);
    const path = `/admin/payments/${paymentId}/reassign`;
    const body = { person_id: personId, order_id: orderId, reason };
    const events = ['payment-reassigned', 'payment-credited', 'credit-applied'];
    return { path, body, kinds: ['reassign-payment'], events };
  },
  payOutBalance: async (scenario) => ({
    path: `/admin/persons/${(await cash(scenario)).personId}/payouts`,
    body: { amount_minor: 900, currency: 'EUR', method: 'cash', reason },
    kinds: ['pay-out-balance'],
    events: [],
  }),
  writeOffShortfall: async (scenario) => {
    const { student, orderId } = await openOrder(scenario);
    await cash(scenario, { person_id: student.personId, amount_minor: 890 });
    const body = { amount_minor: 10, reason };
    return {
      path: `/admin/orders/${orderId}/write-off`,
      body,
      kinds: ['write-off-shortfall'],
      events: ['credit-applied'],
    };
  },
};

const promotions: Readonly<Record<string, Prepare>> = {
  applyCode: async (scenario) => {
    const body = { person_id: (await scenario.student()).personId, promo_code: (await scenario.code(code())).code };
    return { path: '/promo-codes/apply', body, kinds: ['apply-code'], events: [] };
  },
  createPromoCode: async () => ({
    path: '/admin/promo-codes',
    body: code(),
    kinds: ['create-code'],
    events: [],
  }),
  changePromoCode: async (scenario) => ({
    method: 'PATCH',
    path: `/admin/promo-codes/${(await scenario.code(code())).codeId}`,
    body: { title: 'Another title' },
    kinds: ['change-code'],
    events: [],
  }),
  activatePromoCode: codeCommand('activate', 'draft'),
  pausePromoCode: codeCommand('pause', 'active'),
  archivePromoCode: codeCommand('archive', 'active'),
  generateCodes: async () => {
    const { code: _, ...terms } = code();
    const body = { pattern: `${someText().toUpperCase()}-####`, count: 2, terms };
    return { path: '/admin/promo-codes/generate', body, kinds: ['generate-codes'], events: [] };
  },
  importCodes: async () => ({
    path: '/admin/promo-codes/import',
    body: `code,kind,amount_minor,currency\n${someText()},bonus,100,EUR\n`,
    headers: { 'content-type': 'text/csv' },
    kinds: ['begin-code-import', 'add-import-rows', 'run-code-import'],
    events: [],
  }),
  recordConversions: async (scenario) => ({
    path: '/conversions?sender=authors',
    body: await conversion(scenario),
    kinds: ['record-conversions'],
    events: ['bonus-earned', 'promo-code-deactivated'],
  }),
  reverseConversion: async (scenario) => {
    const recorded = await conversion(scenario);
    await scenario.admin.made('/conversions?sender=authors', recorded, { 'idempotency-key': randomUUID() });
    const path = `/conversions/${recorded.conversion_id}/reverse?sender=authors`;
    return { path, body: { reason: 'fraud' }, kinds: ['reverse-conversion'], events: ['bonus-reversed'] };
  },
  registerOffer: async () => ({
    path: '/admin/offers',
    body: { offer_id: `offer-${someText()}`, name: 'An offer' },
    kinds: ['register-offer'],
    events: [],
  }),
  changeOffer: async (scenario) => ({
    method: 'PATCH',
    path: `/admin/offers/${await scenario.offer()}`,
    body: { name: 'Another name' },
    kinds: ['change-offer'],
    events: [],
  }),
  deleteOffer: async (scenario) => ({
    method: 'DELETE',
    path: `/admin/offers/${await scenario.offer()}`,
    kinds: ['delete-offer'],
    events: [],
  }),
};

/** A webhook endpoint, by default at a port of this machine where nobody listens, made by another admin. */
async function webhookEndpoint(scenario: Scenario, url = 'http://127.0.0.1:9/hooks'): Promise<string> {
  const { endpoint } = await scenario.admin.made('/admin/webhook-endpoints', {
    url,
    event_types: ['subscriptions.class-published.v1'],
  });
  return endpoint.endpoint_id;
}

/** A command on a webhook endpoint. */
const onEndpoint =
  (kind: string, action = '', more: Partial<AdminCommand> = {}): Prepare =>
  async (scenario) => ({
    path: `/admin/webhook-endpoints/${await webhookEndpoint(scenario)}${action}`,
    kinds: [kind],
    events: [],
    ...more,
  });

const notifications: Readonly<Record<string, Prepare>> = {
  createWebhookEndpoint: async () => ({
    path: '/admin/webhook-endpoints',
    body: { url: 'http://127.0.0.1:9/hooks', event_types: ['subscriptions.class-published.v1'] },
    kinds: ['create-webhook-endpoint'],
    events: [],
  }),
  changeWebhookEndpoint: onEndpoint('change-webhook-endpoint', '', {
    method: 'PATCH',
    body: { version: 1, description: 'Another one' },
  }),
  pauseWebhookEndpoint: onEndpoint('pause-webhook-endpoint', '/pause'),
  resumeWebhookEndpoint: onEndpoint('resume-webhook-endpoint', '/resume'),
  archiveWebhookEndpoint: onEndpoint('archive-webhook-endpoint', '', { method: 'DELETE' }),
  pingWebhookEndpoint: onEndpoint('ping-webhook-endpoint', '/ping'),
  rotateWebhookSecret: onEndpoint('rotate-webhook-secret', '/rotate-secret', { body: { overlap_hours: 1 } }),
  replayWebhookEvents: onEndpoint('replay-webhook-events', '/replay', {
    body: { from: '2026-03-01T00:00:00Z', to: '2026-03-02T00:00:00Z' },
  }),
  replayWebhookDelivery: async (scenario) => {
    await using receiver = await Receiver.open();
    const id = await webhookEndpoint(scenario, receiver.url);
    const delivery = await scenario.admin.made(`/admin/webhook-endpoints/${id}/ping`);
    const path = `/admin/webhook-endpoints/${id}/deliveries/${delivery.delivery_id}`;
    await eventually(async () => (await scenario.admin.get(path)).body.state === 'delivered');
    return { path: `${path}/replay`, kinds: ['replay-webhook-delivery'], events: [] };
  },
};

/** How each command of an admin is given, by the id of its operation: its circumstances are made by another admin. */
export const adminCommands: Readonly<Record<string, Prepare>> = {
  ...subscriptions,
  ...payments,
  ...promotions,
  ...notifications,
};
