import { describe, expect, it } from '@jest/globals';
import { correctPayment } from '#contracts/payments/corrections.js';
import { getTransfer, listLedgerAccounts, listLedgerEntries } from '#contracts/payments/ledger.js';
import { assignPayment } from '#contracts/payments/payments.js';
import { newId } from '#kernel/ids.js';
import { author } from '../../../test/corrections.js';
import { PayingPerson } from '../../../test/paying-person.js';

const one = PayingPerson.inEachTest();
const { orderData, open, cash, register, instant } = one;

const accountsOf = async (owner: string) => (await one.rpc.request(listLedgerAccounts, { owner })).items;
const accountOf = async (owner: string) => {
  const [account] = await accountsOf(owner);
  if (!account) throw new Error('it has an account');
  return account;
};
const transfer = (transfer_id: string) => one.rpc.request(getTransfer, { transfer_id });

describe('the accounts of the ledger', () => {
  it('are found by owner, kind and currency, with their balances', async () => {
    await open(orderData(300));
    await register(cash());
    await register(cash({ currency: 'USD' }));
    const accounts = await accountsOf(one.personId);
    expect(accounts.map(({ kind, currency }) => `${kind} ${currency}`).sort()).toEqual(['person EUR', 'person USD']);
    expect(accounts.find(({ currency }) => currency === 'EUR')).toMatchObject({
      owner: one.personId,
      debits_minor: 0,
      credits_minor: 1_000,
      balance_minor: 1_000,
      pending_debits_minor: 300,
      version: 1,
    });
    const dollars = await one.rpc.request(listLedgerAccounts, { owner: one.personId, currency: 'USD' });
    expect(dollars.items).toHaveLength(1);
    const kinds = await one.rpc.request(listLedgerAccounts, { kind: 'provider_clearing', limit: 200 });
    expect([...new Set(kinds.items.map(({ kind }) => kind))]).toEqual(['provider_clearing']);
    expect(kinds.items.map(({ owner }) => owner)).toContain('cash');
  });
});

describe('the entries of an account', () => {
  it('are newest first with the running balance and the other account, and are counted by its version', async () => {
    const [first, second] = [await register(cash()), await register(cash({ amount_minor: 500 }))];
    const account = await accountOf(one.personId);
    const page = await one.rpc.request(listLedgerEntries, { account_id: account.account_id, limit: 1 });
    expect(page).toMatchObject({ total: 2, account });
    expect(page.items).toEqual([
      {
        version: 2,
        amount_minor: 500,
        balance_after_minor: 1_500,
        movement: 'register-payment',
        transfer_id: second.payment_id,
        other_account: { account_id: expect.any(Number), kind: 'provider_clearing', owner: 'cash' },
        order_id: null,
        payment_id: second.payment_id,
        posted_at: instant(),
      },
    ]);
    const next = { account_id: account.account_id, after: String(page.next_cursor) };
    const rest = await one.rpc.request(listLedgerEntries, next);
    expect(rest.items.map(({ transfer_id: id }) => id)).toEqual([first.payment_id]);
    expect(rest.next_cursor).toBeNull();
  });

  it('of no account are not found', async () => {
    const request = { account_id: 9_000_000_000 };
    await expect(one.rpc.request(listLedgerEntries, request)).rejects.toMatchObject({ code: 'ACCOUNT_NOT_FOUND' });
  });
});

describe('a transfer', () => {
  it('has two entries that sum to zero, and its cause', async () => {
    const { payment_id } = await register(cash());
    const shown = await transfer(payment_id);
    expect(shown).toMatchObject({
      movement: 'register-payment',
      state: 'posted',
      from: { kind: 'provider_clearing', owner: 'cash' },
      to: { kind: 'person', owner: one.personId },
      cause: `payment/${payment_id}`,
      by_hand: null,
    });
    expect(shown.entries.map((entry) => [entry.account_id, entry.amount_minor])).toEqual([
      [shown.from.account_id, -1_000],
      [shown.to.account_id, 1_000],
    ]);
  });

  it('that is pending has no entries', async () => {
    const order = orderData(300);
    await open(order);
    const { funded_orders: funded } = await register(cash());
    const shown = await transfer(String(funded[0]?.transfer_id));
    expect(shown).toMatchObject({
      state: 'pending',
      entries: [],
      cause: `reserve/${order.order_id}`,
      resolved_at: null,
    });
  });

  it('names the admin who made it and the reason', async () => {
    const { payment_id } = await register(cash());
    const request = { payment_id, amount_minor: 900, reason: 'Typed wrong.' };
    const corrected = await one.rpc.request(correctPayment, request, { author });
    expect((await transfer(corrected.correction_id)).by_hand).toEqual({
      author: expect.stringContaining(author.subject),
      reason: 'Typed wrong.',
      recorded_at: instant(),
    });
    const stray = await register(cash({ person_id: newId() }));
    await one.rpc.request(
      assignPayment,
      { payment_id: stray.payment_id, person_id: one.personId, assigned_by: 'ravi' },
      { author },
    );
    const { items } = await one.rpc.request(listLedgerEntries, {
      account_id: (await accountOf(one.personId)).account_id,
    });
    const matched = items.find(({ movement }) => movement === 'match-payment');
    expect((await transfer(String(matched?.transfer_id))).by_hand).toMatchObject({ author: 'ravi' });
  });

  it('finds its entries among many, even where the clocks of instances disagree', async () => {
    const start = one.service.clock.now();
    const minutes = [0, 10, 5, 30, 6, 7, 31, 1];
    const payments = [];
    for (const minute of minutes) {
      one.service.clock.moveBy(one.service.clock.now().until(start.add({ minutes: minute })));
      payments.push(await register(cash()));
    }
    const found = await Promise.all(payments.map(({ payment_id: id }) => transfer(id)));
    expect(found.map(({ entries }) => entries[1]?.version)).toEqual(minutes.map((_, index) => index + 1));
    expect(found.flatMap(({ entries }) => entries.map(({ amount_minor: amount }) => amount))).toEqual(
      minutes.flatMap(() => [-1_000, 1_000]),
    );
  });

  it('that does not exist is not found', async () => {
    await expect(transfer(newId())).rejects.toMatchObject({ code: 'TRANSFER_NOT_FOUND' });
  });
});
