import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { listAccountEntries } from '#contracts/payments/accounts.js';
import { getTransfer, listLedgerAccounts, listLedgerEntries } from '#contracts/payments/ledger.js';
import { getPayment, listCandidates, listPayments } from '#contracts/payments/payment-search.js';
import { findNames } from '#contracts/subscriptions/names.js';
import { newId } from '#kernel/ids.js';
import { ServiceUnavailable } from '#messaging/faults.js';
import { GatewayEnvironment } from '../../../../test/support/services/gateway-environment.js';
import type { ApiClient } from '../../../../test/support/stack/api-client.js';
import { classId, orderId, paymentId, personId, transferId } from '../documents/examples/ids.js';
import { examples } from '../documents/examples.js';

let environment: GatewayEnvironment;
let admin: ApiClient;
let member: ApiClient;
const page = (item: object) => ({ items: [item], total: 1, page: 1, limit: 50, next_cursor: null }) as never;
const without = (example: unknown, ...members: string[]) =>
  Object.fromEntries(Object.entries(example as object).filter(([name]) => !members.includes(name)));

beforeAll(async () => {
  environment = await GatewayEnvironment.create();
  const gateway = await environment.gateway();
  admin = await environment.client(gateway, { role: 'admin' });
  member = await environment.client(gateway, { role: 'member', sub: personId });
});
beforeEach(async () => {
  await environment.reset();
  environment.on(findNames, ({ person_ids, class_ids, order_ids }) => ({
    persons: person_ids.map((person_id) => ({ person_id, name: 'Ann' })),
    classes: class_ids.map((class_id) => ({ class_id, title: 'Chess' })),
    orders: order_ids.map((order_id) => ({ order_id, class_id: classId, class_title: 'Chess' })),
  }));
  const account = without(examples.LedgerAccount, 'owner_name');
  environment.on(listLedgerAccounts, () => page(account));
  environment.on(listLedgerEntries, () => ({ ...(page(examples.LedgerEntry as object) as object), account }) as never);
  environment.on(getTransfer, () => examples.LedgerTransfer as never);
  environment.on(listPayments, () => page(without(examples.ListedPayment, 'person_name')));
  environment.on(getPayment, () => without(examples.PaymentDetail, 'person_name') as never);
  const found = examples.AssignmentCandidates as { candidates: object[] };
  const candidates = found.candidates.map((one) => without(one, 'person_name', 'class_title'));
  environment.on(listCandidates, () => ({ ...found, candidates }) as never);
  environment.on(listAccountEntries, () => page(without(examples.AccountEntry, 'class_title')));
});
afterAll(() => environment.close());

const readings = [
  ['/admin/ledger/accounts', { items: [{ owner_name: 'Ann' }] }],
  ['/admin/ledger/accounts/7/entries', { account: { owner_name: 'Ann' }, items: [{ version: 1 }] }],
  [`/admin/ledger/transfers/${transferId}`, { to: { owner_name: 'Ann' } }],
  ['/admin/payments', { items: [{ person_name: 'Ann' }] }],
  [`/admin/payments/${paymentId}`, { person_name: 'Ann' }],
  [`/admin/payments/unmatched/${paymentId}/candidates`, { candidates: [{ person_name: 'Ann', class_title: 'Chess' }] }],
  [`/persons/${personId}/account/entries`, { items: [{ order_id: orderId, class_title: 'Chess' }] }],
] as const;

describe.each(readings)('%s', (path, named) => {
  it('has the names of its ids', async () => {
    expect(await admin.get(path)).toMatchObject({ status: 200, body: named });
  });

  it('goes on without names while subscriptions is away', async () => {
    environment.on(findNames, () => {
      throw new ServiceUnavailable('subscriptions', 'away');
    });
    const answer = await admin.get(path);
    expect(answer.status).toBe(200);
    expect(JSON.stringify(answer.body)).not.toMatch(/Ann|Chess/);
  });

  it('is for admins and operators', async () => {
    if (path.startsWith('/admin')) expect((await member.get(path)).status).toBe(403);
  });
});

it.each([
  ['/admin/ledger/accounts?kind=wallet', '/kind'],
  ['/admin/ledger/accounts/0/entries', '/id'],
  ['/admin/ledger/accounts/x/entries', '/id'],
  ['/admin/ledger/transfers/x', '/id'],
  ['/admin/payments?from=today', '/from'],
  ['/admin/payments/x', '/id'],
  [`/admin/payments/unmatched/${newId().slice(1)}/candidates`, '/id'],
])('%s is invalid input', async (path, field) => {
  expect(await admin.get(path)).toMatchObject({ status: 400, body: { code: 'INVALID_INPUT', field } });
});
