import type { OrderTerms } from '../src/orders/domain/order.js';

/** A time of the day on which the order of `terms` is opened. */
export const at = (time: string) => Temporal.Instant.from(`2026-03-02T${time}Z`);

/** Of an order of 15.00 EUR that is opened at nine, and to be paid until eleven. */
export const terms: OrderTerms = {
  id: '0198c0de-0000-7000-8000-000000000001',
  personId: '0198c0de-0000-7000-8000-000000000002',
  classId: '0198c0de-0000-7000-8000-000000000003',
  ruleId: '0198c0de-0000-7000-8000-000000000004',
  ruleVersion: 1,
  parameters: { price: 1_500 },
  trace: [],
  discounts: [],
  amountMinor: 1_500,
  toleranceMinor: 0,
  currency: 'EUR',
  startDate: Temporal.PlainDate.from('2026-03-02'),
  endDate: null,
  approvalRequired: false,
  repeatEnrolment: 'refused',
  replacesOrderId: null,
  subscriptionId: '0198c0de-0000-7000-8000-000000000001',
  period: 0,
  enrols: true,
  anchor: null,
  nextAt: null,
  dueDate: null,
  dunning: [],
  openedAt: at('09:00:00'),
  expiresAt: at('11:00:00'),
};
