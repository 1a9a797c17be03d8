import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { newId } from '#kernel/ids.js';
import { at, cause, type Ledger, notice, openLedger } from '../../test/ledger-fixture.js';
import { admitPersons, registerPayments } from '../../test/movements.js';

let ledger: Ledger;
let personId: string;

beforeAll(async () => {
  ledger = await openLedger();
});

beforeEach(async () => {
  personId = newId();
  await admitPersons(ledger.sql, [{ personId, cause }], at);
  await ledger.published();
});

afterAll(async () => {
  expect(await ledger.violations()).toEqual([]);
  await ledger.close();
});

const paid = (amountMinor: number, orderNamed: string | null = null) =>
  notice({ personNamed: personId, orderNamed, amountMinor });

describe('the ledger', () => {
  it('never lets an entry or a resolved transfer be changed', async () => {
    await registerPayments(ledger.sql, [paid(100)], at);
    await expect(ledger.sql.query(`update entry set amount_minor = amount_minor + 1`)).rejects.toThrow('written once');
    await expect(ledger.sql.query(`delete from entry`)).rejects.toThrow('written once');
    await expect(ledger.sql.query(`delete from transfer`)).rejects.toThrow('never deleted');
    await expect(ledger.sql.query(`update transfer set state = 'voided'`)).rejects.toThrow('posted or voided, once');
    await expect(ledger.sql.query(`truncate entry`)).rejects.toThrow('written once');
  });

  it('refuses a transfer between accounts that do not exist', async () => {
    const posting = ledger.sql.query(
      `select ledger_post(array[transfer_of('test/nowhere', 'test', -1, -2, 5, 'EUR', 'posted', uuid_v7())], $1)`,
      [at],
    );
    await expect(posting).rejects.toThrow('an account that does not exist');
  });

  it('refuses a source key that comes back with other content, and takes a true repeat in its stride', async () => {
    await registerPayments(ledger.sql, [paid(100)], at);
    const post = (amountMinor: number) =>
      ledger.sql.query(
        `select ledger_post(array(select transfer_of('test/once', 'test', t.debit_account, t.credit_account, $3,
           t.currency, 'posted', uuid_v7()) from transfer t join account a on a.id = t.credit_account
           where a.owner = $1 and t.movement = 'register-payment'), $2)`,
        [personId, at, amountMinor],
      );
    await post(50);
    await post(50);
    expect(await ledger.available(personId)).toBe(150);
    await expect(post(51)).rejects.toThrow('other content');
  });

  it('takes a transfer without a source key for a payment alone, and once', async () => {
    await registerPayments(ledger.sql, [paid(100)], at);
    const again = (movement: string, id: string) =>
      ledger.sql.query(
        `select ledger_post(array(select transfer_of(null, '${movement}', t.debit_account, t.credit_account,
           t.amount_minor, t.currency, 'posted', ${id}) from transfer t join account a on a.id = t.credit_account
           where a.owner = $1), $2)`,
        [personId, at],
      );
    await expect(again('register-payment', 't.id')).rejects.toThrow('transfer_pkey');
    await expect(again('test', 'uuid_v7()')).rejects.toThrow('transfer_source_key_or_payment');
    expect(await ledger.available(personId)).toBe(100);
  });

  it('lets no person fall below zero', async () => {
    await registerPayments(ledger.sql, [paid(100)], at);
    const overdraft = ledger.sql.query(`update account set debits_pending = 101 where owner = $1`, [personId]);
    await expect(overdraft).rejects.toThrow('account_person_never_below_zero');
  });
});
