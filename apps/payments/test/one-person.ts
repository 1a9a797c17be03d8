import { afterAll, beforeAll, beforeEach, expect } from '@jest/globals';
import { newId } from '#kernel/ids.js';
import type { PaymentNotice } from '../src/payments/domain/payment-notice.js';
import type { RefundNotice } from '../src/refunds/domain/refund-notice.js';
import { at, cause, type Ledger, notice, openLedger, order } from './ledger-fixture.js';
import { admitPersons, recordRefunds, registerPayments } from './movements.js';

/** A ledger with a new person for each test, and short words for what happens to their money. */
export class OnePerson {
  ledger!: Ledger;
  personId = '';

  /** Opens the ledger before all tests of a file; proves and closes it after them. */
  static inEachTest(): OnePerson {
    const one = new OnePerson();
    beforeAll(async () => {
      one.ledger = await openLedger();
    });
    beforeEach(async () => {
      one.personId = newId();
      await admitPersons(one.ledger.sql, [{ personId: one.personId, cause }], at);
      await one.ledger.published();
    });
    afterAll(async () => {
      expect(await one.ledger.violations()).toEqual([]);
      await one.ledger.close();
    });
    return one;
  }

  paid = (amountMinor: number, details: Partial<PaymentNotice> = {}) =>
    notice({ personNamed: this.personId, amountMinor, ...details });

  opened = (amountMinor: number) => order({ personId: this.personId, amountMinor });

  /** The ids of the payments. */
  pay = async (...notices: PaymentNotice[]) => {
    const answers = await registerPayments(this.ledger.sql, notices, at);
    return answers.map(({ paymentId }) => paymentId);
  };

  /** Of each notice the reason why it is quarantined, else its verdict. */
  record = async (...notices: RefundNotice[]) => {
    const answers = await recordRefunds(this.ledger.sql, notices, at);
    return answers.map(({ verdict, reason }) => reason ?? verdict);
  };

  /** What the person can spend, what is reserved, and what they owe. */
  standing = async () => [
    await this.ledger.available(this.personId),
    await this.ledger.reserved(this.personId),
    await this.ledger.owed(this.personId),
  ];

  statement = () =>
    this.ledger.sql.query<{ movement: string; amount: number; balance: number }>(
      `select t.movement, e.amount_minor as amount, e.balance_after_minor as balance
       from entry e join transfer t on t.id = e.transfer_id join account a on a.id = e.account_id
       where a.owner = $1 and a.kind = 'person' order by e.version`,
      [this.personId],
    );

  version = async () => {
    const [row] = await this.ledger.sql.query<{ version: number }>(
      `select version from account where owner = $1 and kind = 'person' and currency = 'EUR'`,
      [this.personId],
    );
    return row?.version ?? 0;
  };
}

export const reinstated = (one: RefundNotice): RefundNotice => ({ ...one, reinstated: true });
