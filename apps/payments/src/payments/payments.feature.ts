import type { Feature } from '#jobs/feature.js';
import { AssignPayment } from './allocating/assign-payment.js';
import { PaymentsConsumer } from './payments.consumer.js';
import { PaymentsStore } from './payments.store.js';
import { RegisterPayment } from './registering/register-payment.js';

export const payments: Feature = {
  controllers: [PaymentsConsumer],
  providers: [PaymentsStore, RegisterPayment, AssignPayment],
};
