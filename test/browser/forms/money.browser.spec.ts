import { randomUUID } from 'node:crypto';
import { words as orders } from '../../../apps/console/web/src/messages/en/money/admin-orders.ts';
import { words as payments } from '../../../apps/console/web/src/messages/en/money/payments.ts';
import { words as persons } from '../../../apps/console/web/src/messages/en/money/persons.ts';
import type { Scene } from '../support/browser-tests.js';
import type { Person } from '../support/person.ts';
import { formTests, submitOf, type WritingForm } from './form-tests.ts';

const reasoned = 'As agreed by telephone';

/** A payment in cash of somebody new. */
async function inCash({ scenario }: Scene): Promise<{ paymentId: string; personId: string }> {
  const { personId } = await scenario.student();
  const cash = { method: 'cash', currency: 'EUR', amount_minor: 3_000, person_id: personId, reference: randomUUID() };
  const { payment_id } = await scenario.admin.made('/admin/payments', cash, { 'idempotency-key': cash.reference });
  return { paymentId: payment_id, personId };
}

/** A payment that names nobody. */
async function inSuspense({ scenario }: Scene): Promise<string> {
  const paymentId = `pay-${randomUUID()}`;
  await scenario.pay({ amountMinor: 3_000, paymentId });
  const { body } = await scenario.admin.get(`/admin/payments?search=${paymentId}`);
  return body.items[0].payment_id;
}

const openDialog = async (writer: Person, path: string, button: string) => {
  await writer.open(path);
  await writer.page.locator('main').getByRole('button', { name: button, exact: true }).first().click();
  return writer.page.getByRole('dialog');
};

const forms: readonly WritingForm[] = [
  {
    operation: 'registerPayment',
    role: 'admin',
    async fill(writer, { scenario }) {
      const { personId } = await scenario.student();
      await writer.open(`/hand-payments?person=${personId}`);
      await writer.page.getByLabel(payments.amount).fill('29.00');
      await writer.page.getByLabel(payments.reference).fill(`receipt-${randomUUID()}`);
      return submitOf(writer.page, payments.register);
    },
  },
  {
    operation: 'payOutBalance',
    role: 'admin',
    async fill(writer, scene) {
      const { personId } = await inCash(scene);
      const dialog = await openDialog(writer, `/persons/${personId}`, persons.payOut);
      await dialog.getByLabel(persons.amount).fill('10.00');
      await dialog.getByLabel(persons.reason).fill(reasoned);
      return submitOf(writer.page, persons.payOut);
    },
  },
  {
    operation: 'changePerson',
    role: 'admin',
    async fill(writer, { scenario }) {
      const { personId } = await scenario.student();
      const dialog = await openDialog(writer, `/persons/${personId}`, persons.change);
      await dialog.getByLabel(persons.name, { exact: true }).fill('Ada Lovelace');
      return submitOf(writer.page, persons.save);
    },
  },
  {
    operation: 'refundPayment',
    role: 'admin',
    async fill(writer, scene) {
      const { paymentId } = await inCash(scene);
      const dialog = await openDialog(writer, `/payments/${paymentId}`, payments.refund);
      await dialog.getByLabel(payments.reason).fill(reasoned);
      return submitOf(writer.page, payments.refund);
    },
  },
  {
    operation: 'correctPayment',
    role: 'admin',
    async fill(writer, scene) {
      const { paymentId } = await inCash(scene);
      const dialog = await openDialog(writer, `/payments/${paymentId}`, payments.correct);
      await dialog.getByLabel(payments.newAmount).fill('20.00');
      await dialog.getByLabel(payments.reason).fill(reasoned);
      return submitOf(writer.page, payments.correct);
    },
  },
  {
    operation: 'reassignPayment',
    role: 'admin',
    async fill(writer, scene) {
      const { paymentId } = await inCash(scene);
      const { personId } = await scene.scenario.student();
      const dialog = await openDialog(writer, `/payments/${paymentId}`, payments.reassign);
      await dialog.getByLabel(payments.findPerson).fill(`student-${personId}`);
      await dialog.locator('button[aria-pressed]').click();
      await dialog.getByLabel(payments.reason).fill(reasoned);
      return submitOf(writer.page, payments.reassign);
    },
  },
  {
    operation: 'assignPayment',
    role: 'admin',
    async fill(writer, scene) {
      const paymentId = await inSuspense(scene);
      const { personId } = await scene.scenario.student();
      const dialog = await openDialog(writer, `/payments/${paymentId}`, payments.assign);
      await dialog.getByLabel(payments.findPerson).fill(`student-${personId}`);
      await dialog.getByText(`student-${personId}@example.org`).waitFor();
      return submitOf(writer.page, payments.assignTo('A Student'));
    },
  },
  {
    operation: 'dismissPayment',
    role: 'admin',
    async fill(writer, scene) {
      await inSuspense(scene);
      const dialog = await openDialog(writer, '/suspense', payments.dismiss);
      await dialog.getByLabel(payments.note).fill(reasoned);
      return submitOf(writer.page, payments.dismiss);
    },
  },
  {
    operation: 'dismissNotification',
    role: 'admin',
    async fill(writer, { scenario }) {
      const paymentId = `pay-${randomUUID()}`;
      await scenario.pay({ amountMinor: 1_000, paymentId });
      await scenario.pay({ amountMinor: 2_000, paymentId });
      const dialog = await openDialog(writer, '/quarantined', payments.dismissNotification);
      await dialog.getByLabel(payments.note).fill(reasoned);
      return submitOf(writer.page, payments.dismissNotification);
    },
  },
  {
    operation: 'approveOrder',
    role: 'admin',
    isLive: true,
    async fill(writer, { scenario }) {
      const classId = await scenario.class({ approvalRequired: true });
      const orderId = await scenario.order(await scenario.student(), classId);
      await scenario.orderIn('confirmed', orderId);
      await openDialog(writer, `/orders/${orderId}`, orders.approve);
      return submitOf(writer.page, orders.approve);
    },
  },
  {
    operation: 'writeOffShortfall',
    role: 'admin',
    isLive: true,
    async fill(writer, { scenario }) {
      const orderId = await scenario.order(await scenario.student(), await scenario.class({ priceMinor: 5_000 }));
      await scenario.pay({ amountMinor: 4_900, orderId });
      const dialog = await openDialog(writer, `/orders/${orderId}`, orders.writeOff);
      await dialog.getByLabel(orders.writeOffMost).fill('1.00');
      await dialog.getByLabel(orders.reason).fill(reasoned);
      return submitOf(writer.page, orders.writeOff);
    },
  },
];

formTests('a form of money', forms);
