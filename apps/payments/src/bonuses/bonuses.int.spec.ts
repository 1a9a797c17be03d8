import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { creditApplied } from '#contracts/payments/payments.js';
import { newId } from '#kernel/ids.js';
import { at, bonus, cause, type Ledger, notice, openLedger, order } from '../../test/ledger-fixture.js';
import {
  admitPersons,
  grantBonuses,
  openReceivables,
  registerPayments,
  reverseBonuses,
  withdrawReceivables,
} from '../../test/movements.js';
import type { Bonus, BonusReversal } from './domain/bonus.js';

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
const opened = (amountMinor: number) => order({ personId, amountMinor });

describe('a bonus', () => {
  const grant = (...bonuses: Bonus[]) => grantBonuses(ledger.sql, bonuses, at);
  const takeBack = (...reversals: BonusReversal[]) => reverseBonuses(ledger.sql, reversals, at);
  const earned = (amountMinor: number) => bonus({ personId, amountMinor });
  const reversed = (one: Bonus) => ({ ...one, reason: 'refund' });
  const expense = () => ledger.balance('promotion_expense', 'bonuses');
  const owedOf = async ({ bonusId }: Bonus) => {
    const [row] = await ledger.sql.query<{ owed: number }>('select owed_minor as owed from bonus where id = $1', [
      bonusId,
    ]);
    return row?.owed;
  };

  it('is credited once from the promotion expense, however often its event comes', async () => {
    const before = await expense();
    const mine = earned(300);
    await grant(mine, earned(50), mine);
    await Promise.all([grant(mine), grant(mine)]);
    expect(await ledger.available(personId)).toBe(350);
    expect(await expense()).toBe(before - 350);
  });

  it('funds an order that waits, and publishes credit-applied', async () => {
    const mine = opened(1_000);
    await openReceivables(ledger.sql, [mine], at);
    await registerPayments(ledger.sql, [paid(700)], at);
    await ledger.published();
    await grant(earned(300));
    expect(await ledger.receivableState(mine.orderId)).toBe('reserved');
    const events = await ledger.published();
    expect(events.map(({ type, data }) => [type, data.order_id])).toEqual([[creditApplied.type, mine.orderId]]);
  });

  it('makes its person known, so that money which waited for them comes along', async () => {
    const stranger = newId();
    await registerPayments(ledger.sql, [notice({ personNamed: stranger, amountMinor: 40 })], at);
    await grant(bonus({ personId: stranger, amountMinor: 2 }));
    expect(await ledger.available(stranger)).toBe(42);
  });

  it('is taken back once, from what is free', async () => {
    const before = await expense();
    const mine = earned(300);
    await grant(mine);
    await takeBack(reversed(mine), reversed(mine));
    await takeBack(reversed(mine));
    expect([await ledger.available(personId), await owedOf(mine)]).toEqual([0, 0]);
    expect(await expense()).toBe(before);
  });

  it('that was spent is owed where it is not there, and never taken from what is reserved', async () => {
    const before = await expense();
    const [first, second] = [earned(300), earned(300)];
    await grant(first, second);
    const mine = opened(450);
    await openReceivables(ledger.sql, [mine], at);
    await takeBack(reversed(first), reversed(second));
    expect(await ledger.receivableState(mine.orderId)).toBe('reserved');
    expect([await ledger.available(personId), await ledger.reserved(personId)]).toEqual([0, 450]);
    expect([await owedOf(first), await owedOf(second)].sort()).toEqual([150, 300]);
    expect([await ledger.owed(personId), await expense()]).toEqual([450, before]);
  });

  it('that was reserved is owed: what the order gives back repays it before it funds anything', async () => {
    const [mine, next] = [opened(300), opened(60)];
    const stolen = earned(300);
    await grant(stolen);
    await openReceivables(ledger.sql, [mine, next], at);
    await takeBack(reversed(stolen));
    await registerPayments(ledger.sql, [paid(20)], at);
    expect([await ledger.available(personId), await ledger.owed(personId)]).toEqual([0, 280]);
    await withdrawReceivables(ledger.sql, [mine], at);
    expect([await ledger.available(personId), await ledger.owed(personId)]).toEqual([20, 0]);
    expect(await ledger.receivableState(next.orderId)).toBe('open');
  });

  it('that is reversed before it was earned gives nothing when its earning arrives', async () => {
    const before = await expense();
    const mine = earned(300);
    await takeBack(reversed(mine));
    await grant(mine);
    await takeBack(reversed(mine));
    expect([await ledger.available(personId), await owedOf(mine), await expense()]).toEqual([0, 0, before]);
  });

  it.each([
    ['amount', { amountMinor: 301 }],
    ['currency', { currency: 'USD' }],
    ['person', { personId: newId() }],
  ])('that comes back with another %s is a bug, and nothing of the batch happens', async (_, other) => {
    const mine = earned(300);
    await grant(mine);
    await expect(grant(earned(5), { ...mine, ...other })).rejects.toThrow(`bonus ${mine.bonusId} comes back`);
    await expect(takeBack(reversed({ ...mine, ...other }))).rejects.toThrow(`bonus ${mine.bonusId} comes back`);
    expect(await ledger.available(personId)).toBe(300);
  });
});
