import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { z } from 'zod';
import { listPaymentsActions } from '#contracts/actions.js';
import { cursorOf } from '#contracts/cursors.js';
import { correctPayment, paymentCorrected } from '#contracts/payments/corrections.js';
import { paymentRegistered, registerPayment } from '#contracts/payments/payments.js';
import { newId } from '#kernel/ids.js';
import { Transactions } from '#persistence/transaction.js';
import { eventually } from '../../../../test/support/eventually.js';
import { BrokerProbe } from '../../../../test/support/stack/broker-probe.js';
import { PayingPerson } from '../../test/paying-person.js';

const one = PayingPerson.inEachTest();
const reason = 'Typed wrong.';
let probe: BrokerProbe;
beforeAll(async () => {
  probe = await BrokerProbe.arrive(() => Temporal.Now.instant());
});
afterAll(() => probe.leave());

const admin = () => ({ subject: `admin ${newId()}`, role: 'admin' });
const list = async (filter: Partial<z.input<typeof listPaymentsActions.request>>) =>
  (await one.rpc.request(listPaymentsActions, { limit: 50, ...filter })).items;
const registerAs = (author: ReturnType<typeof admin>, commandId = newId()) =>
  one.rpc.request(registerPayment, one.cash({ note: 'At the desk.' }), { commandId, author });

describe('a command of an admin', () => {
  it('is recorded with its effect: who, what, about which payment, why and when', async () => {
    const author = admin();
    const { payment_id } = await registerAs(author);
    const corrected = { payment_id, amount_minor: 900, reason };
    await one.rpc.request(correctPayment, corrected, { author });
    const [second, first, ...others] = await list({ author: author.subject });
    expect(others).toEqual([]);
    expect(second).toEqual({
      action_id: expect.any(String),
      service: 'payments',
      kind: 'correct-payment',
      subjects: [payment_id],
      author,
      reason,
      recorded_at: expect.any(String),
    });
    expect(first).toMatchObject({ kind: 'register-payment', subjects: [payment_id], reason: 'At the desk.' });
  });

  it('is recorded once, however often it is sent, and not when it is refused', async () => {
    const author = admin();
    const [commandId, request] = [newId(), one.cash()];
    const send = () => one.rpc.request(registerPayment, request, { commandId, author });
    await Promise.all([send(), send(), send()]);
    const refused = one.rpc.request(correctPayment, { payment_id: newId(), amount_minor: 1, reason }, { author });
    await expect(refused).rejects.toMatchObject({ code: 'PAYMENT_NOT_FOUND' });
    expect(await list({ author: author.subject })).toHaveLength(1);
  });

  it('is no action of an admin when a member or a service gives it', async () => {
    const member = { subject: newId(), role: 'member' };
    const { payment_id } = await registerAs(member);
    await one.register(one.cash());
    expect([await list({ author: member.subject }), await list({ subject: payment_id })]).toEqual([[], []]);
  });

  it('is found by its author, kind, subject and time, in pieces without gaps', async () => {
    const author = admin();
    const payments: string[] = [];
    for (let index = 0; index < 5; index += 1) payments.push((await registerAs(author)).payment_id);
    const [payment_id = ''] = payments;
    await one.rpc.request(correctPayment, { payment_id, amount_minor: 900, reason }, { author });
    const all = await list({ author: author.subject });
    expect(all.map(({ kind }) => kind)).toEqual(['correct-payment', ...Array(5).fill('register-payment')]);
    expect(await list({ author: author.subject, kind: 'correct-payment' })).toEqual(all.slice(0, 1));
    expect(await list({ subject: payment_id })).toEqual([all[0], all[5]]);
    expect(await list({ author: author.subject, from: all[1]?.recorded_at })).toEqual(all.slice(0, 2));
    expect(await list({ author: author.subject, to: all[1]?.recorded_at })).toEqual(all.slice(2));
    const pieces: typeof all = [];
    for (let last = all[0]; last; ) {
      pieces.push(last);
      const after = cursorOf([last.recorded_at, last.action_id]);
      [last] = await list({ author: author.subject, after, limit: 1 });
    }
    expect(pieces).toEqual(all);
  });

  it('names its author in the events that it causes', async () => {
    const events = await probe.subscribe(paymentRegistered.type, paymentCorrected.type);
    const author = admin();
    const { payment_id } = await registerAs(author);
    await one.rpc.request(correctPayment, { payment_id, amount_minor: 900, reason }, { author });
    await eventually(async () => events.filter(({ subject }) => subject === payment_id).length === 2);
    const authors = events.filter(({ subject }) => subject === payment_id).map(({ authoredBy }) => authoredBy);
    expect(authors).toEqual([author, author]);
  });
});

it('the record of actions is written once', async () => {
  await registerAs(admin());
  const sql = one.service.app.get(Transactions);
  for (const change of ["update admin_action set author = ''", 'delete from admin_action', 'truncate admin_action']) {
    await expect(sql.query(change)).rejects.toThrow('written once');
  }
});
