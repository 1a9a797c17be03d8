import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { at, bonus, type Ledger, notice, openLedger, order } from '../../test/ledger-fixture.js';
import { grantBonuses, openReceivables, registerPayments } from '../../test/movements.js';
import { describeReport, verifyLedger } from './verify-ledger.js';

let ledger: Ledger;

beforeAll(async () => {
  ledger = await openLedger();
  const mine = order({ amountMinor: 600 });
  await openReceivables(ledger.sql, [mine], at);
  await registerPayments(ledger.sql, [notice({ orderNamed: mine.orderId }), notice(), notice()], at);
});

afterAll(() => ledger.close());

/** What the verification finds while `damage` is done, past all guards, in a database that is otherwise sound. */
async function foundAfter(damage: string, repair: string): Promise<string[]> {
  const unguarded = (sql: string) =>
    ledger.sql.run(async (tx) => {
      await tx.query(`set local session_replication_role = 'replica'`);
      await tx.query(sql);
    });
  await unguarded(damage);
  const { violations } = await verifyLedger(ledger.url);
  await unguarded(repair);
  expect((await verifyLedger(ledger.url)).violations).toEqual([]);
  return violations.map(({ invariant }) => invariant);
}

describe('the verification of a ledger', () => {
  it('proves a sound one', async () => {
    const report = await verifyLedger(ledger.url);
    expect(report).toEqual({ violations: [], counted: { accounts: 4, transfers: 4, entries: 6, payments: 3 } });
    expect(describeReport(report)).toBe(
      'The ledger holds: 3 payments, 4 transfers, 6 entries, 4 accounts; 35 invariants proved.',
    );
  });

  it('names an entry that was changed', async () => {
    const change = (by: string) =>
      `update entry set amount_minor = amount_minor ${by} where amount_minor > 0 and version = 1`;
    const found = await foundAfter(change('+ 5'), change('- 5'));
    expect(found).toContain('I1 entries sum to zero per currency');
    expect(found).toContain('I2 a balance is the sum of its entries');
    expect(found).toContain('I2 each running balance is the one before plus the amount');
    expect(found).toContain('a posted transfer has its two entries, any other none');
  });

  it('names a balance that was changed', async () => {
    const change = (by: string) => `update account set credits_posted = credits_posted ${by} where kind = 'person'`;
    expect(await foundAfter(change('+ 1'), change('- 1'))).toEqual(['I2 a balance is the sum of its entries']);
  });

  it('names a gap in the versions', async () => {
    const change = (from: number, to: number) =>
      `update entry set version = ${to} where version = ${from} and account_id = (select id from account where kind = 'person')`;
    expect(await foundAfter(change(1, 2), change(2, 1))).toEqual(['I3 versions are gapless from 1']);
  });

  it('names a receivable whose reservation is not there', async () => {
    const change = (state: string) => `update receivable set state = '${state}'`;
    expect(await foundAfter(change('open'), change('reserved'))).toEqual(['a receivable and its reservation agree']);
  });

  it('names a write-off beyond the tolerance of its order', async () => {
    const found = await foundAfter(
      `insert into transfer (id, source_key, movement, debit_account, credit_account, amount_minor, currency, state,
         order_id, created_at, resolved_at)
       select uuid_v7(), 'write-off/' || order_id, 'write-off', debit_account, credit_account, 3, currency, 'posted',
         order_id, now(), now()
       from transfer where movement = 'reserve' limit 1`,
      `alter table transfer disable trigger transfer_stays;
       delete from transfer where movement = 'write-off';
       alter table transfer enable trigger transfer_stays`,
    );
    expect(found).toContain(
      'what was written off for an order is within its tolerance, and goes back when the order ends',
    );
  });

  it('names pending sums that no transfer explains', async () => {
    const change = (by: string) => `update account set credits_pending = credits_pending ${by} where kind = 'class'`;
    const found = await foundAfter(change('+ 7'), change('- 7'));
    expect(found).toEqual(['pending sums of accounts are those of their pending transfers']);
  });

  it('names a payment that was never credited', async () => {
    const found = await foundAfter(
      `insert into payment (id, provider, reference, amount_minor, currency, person_id, registered_at)
       values (uuid_v7(), 'standard', 'lost', 5, 'EUR', uuid_v7(), now())`,
      `delete from payment where reference = 'lost'`,
    );
    expect(found).toEqual([
      'I4 each payment is credited once, as it was registered',
      'I4 each payment of a provider stands for one applied event',
    ]);
  });

  it('names a refund that left no trace in the ledger', async () => {
    const found = await foundAfter(
      `insert into refund (id, provider, kind, reference, payment_reference, amount_minor, currency, state,
         payment_id, owed_minor, received_at, applied_at)
       select uuid_v7(), provider, 'refund', 're_lost', reference, 5, currency, 'applied', id, 2, now(), now()
       from payment limit 1`,
      `delete from refund`,
    );
    expect(found).toEqual([
      'each refund was applied once, as it was reported',
      'the refunded sum of a payment is that of its applied refunds',
      'debts are what refunds, corrections, reversed bonuses and late extras took beyond what persons had',
    ]);
  });

  it('names a payment that holds other money in suspense than it should', async () => {
    const change = (by: string) =>
      `update payment set refunded_minor = refunded_minor ${by} where id = (
         select id from payment where person_id is null order by id limit 1)`;
    expect(await foundAfter(change('+ 5'), change('- 5'))).toEqual([
      'suspense holds of each payment what is unmatched, no extra and not refunded',
      'suspense holds the unmatched payments',
      'the refunded sum of a payment is that of its applied refunds',
    ]);
  });

  it('names a correction and a payout that left no trace in the ledger', async () => {
    const corrected = await foundAfter(
      `insert into payment_correction (id, kind, payment_id, amount_before_minor, amount_after_minor, person_before,
         person_after, moved_minor, owed_minor, reason, author, recorded_at)
       select uuid_v7(), 'correct', id, amount_minor, 5, person_id, person_id, amount_minor - 5, 2, '', '', now()
       from payment where person_id is not null`,
      `delete from payment_correction`,
    );
    expect(corrected).toEqual([
      'debts are what refunds, corrections, reversed bonuses and late extras took beyond what persons had',
      'each correction of a payment moved once what it says',
      'corrections of a payment lead to how it stands',
    ]);
    const paidOut = await foundAfter(
      `insert into payout (id, person_id, amount_minor, currency, method, reason, author, recorded_at)
       values (uuid_v7(), uuid_v7(), 5, 'EUR', 'cash', '', '', now())`,
      `delete from payout`,
    );
    expect(paidOut).toEqual(['each payout moved once what it says']);
    const writtenOff = await foundAfter(
      `insert into order_write_off (order_id, amount_minor, reason, author, recorded_at)
       select order_id, 5, '', '', now() from receivable limit 1`,
      `delete from order_write_off`,
    );
    expect(writtenOff).toEqual(['what an admin wrote off of an order was posted for it']);
  });

  it('names a payment that changed its amount or person without a correction', async () => {
    const amount = (by: string) => `update payment set amount_minor = amount_minor ${by} where person_id is not null`;
    const credited = ['I4 each payment is credited once, as it was registered'];
    expect(await foundAfter(amount('- 5'), amount('+ 5'))).toEqual(credited);
  });

  it('names somebody who owes and has money to spend', async () => {
    const lend = `insert into account (kind, owner, currency, opened_at, debits_posted)
      select 'debt', owner, currency, now(), 7 from account where kind = 'person'`;
    const found = await foundAfter(lend, `delete from account where kind = 'debt'`);
    expect(found).toEqual(['I2 a balance is the sum of its entries', 'no person with a debt has a spendable balance']);
  });

  it('names an open receivable that the person can pay', async () => {
    const change = (state: string) =>
      `update receivable set state = '${state}', amount_minor = ${state === 'open' ? 400 : 600}`;
    const found = await foundAfter(change('open'), change('reserved'));
    expect(found).toEqual([
      'a receivable and its reservation agree',
      'I15 the first open receivable of a person and currency is never covered by what is available',
    ]);
  });

  it('names a bonus that was never credited', async () => {
    const found = await foundAfter(
      `insert into bonus (id, person_id, amount_minor, currency, granted_at)
       values (uuid_v7(), uuid_v7(), 5, 'EUR', now())`,
      `delete from bonus`,
    );
    expect(found).toEqual([
      'each bonus is credited once, as it was earned',
      'the promotion expense is what bonuses gave and were not reversed',
    ]);
  });

  it('names a bonus that was taken back without its money', async () => {
    const mine = bonus();
    await grantBonuses(ledger.sql, [mine], at);
    const found = await foundAfter(
      `update bonus set reversed_at = now(), reason = 'fraud', owed_minor = 5`,
      `update bonus set reversed_at = null, reason = null, owed_minor = 0`,
    );
    expect(found).toEqual([
      'debts are what refunds, corrections, reversed bonuses and late extras took beyond what persons had',
      'each reversed bonus went to the promotion expense whole',
      'the promotion expense is what bonuses gave and were not reversed',
    ]);
  });
});
