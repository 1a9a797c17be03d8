import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { creditApplied, orderSettled, paymentRegistered } from '#contracts/payments.js';
import { newId } from '#kernel/ids.js';
import { at, bonus, cause, type Ledger, notice, openLedger, order } from '../../test/ledger-fixture.js';
import {
  admitPersons,
  assignPayments,
  grantBonuses,
  openReceivables,
  registerPayments,
  reverseBonuses,
  settleReceivables,
  withdrawReceivables,
} from '../../test/movements.js';
import type { Bonus, BonusReversal } from '../bonuses/domain/bonus.js';

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

describe('a payment', () => {
  it('stands on the account of the person it names, and is told with the version of that account', async () => {
    const answers = await registerPayments(ledger.sql, [paid(700), paid(50)], at);
    expect(answers.map(({ verdict }) => verdict)).toEqual(['registered', 'registered']);
    expect(await ledger.available(personId)).toBe(750);
    const told = await ledger.published();
    expect(told.map(({ type, data }) => [type, data.person_id, data.amount_minor, data.funded_orders])).toEqual([
      [paymentRegistered.type, personId, expect.any(Number), []],
      [paymentRegistered.type, personId, expect.any(Number), []],
    ]);
    const entries = await ledger.sql.query<{ payment_id: string; version: number; balance: number }>(
      `select t.payment_id, e.version, e.balance_after_minor as balance
       from entry e join transfer t on t.id = e.transfer_id join account a on a.id = e.account_id
       where a.owner = $1 order by e.version`,
      [personId],
    );
    expect(told.map(({ data }) => [data.payment_id, data.account_version])).toEqual(
      entries.map(({ payment_id, version }) => [payment_id, version]),
    );
    expect(entries.map(({ version }) => version)).toEqual([1, 2]);
    expect(entries[1]?.balance).toBe(750);
    for (const { data } of told) expect(paymentRegistered.data.parse(data)).toEqual(data);
  });

  it('belongs to the person of the order it names', async () => {
    const mine = opened(400);
    await openReceivables(ledger.sql, [mine], at);
    await registerPayments(ledger.sql, [notice({ orderNamed: mine.orderId, amountMinor: 500 })], at);
    expect(await ledger.available(personId)).toBe(100);
    expect(await ledger.receivableState(mine.orderId)).toBe('reserved');
  });

  it('told twice is credited once, and the repeat gets the first payment', async () => {
    const told = paid(300);
    const [first] = await registerPayments(ledger.sql, [told], at);
    const again = await registerPayments(ledger.sql, [told, paid(1), told], at);
    expect(again).toEqual([
      { verdict: 'duplicate', paymentId: first?.paymentId },
      { verdict: 'registered', paymentId: expect.any(String) },
      { verdict: 'duplicate', paymentId: first?.paymentId },
    ]);
    expect(await ledger.available(personId)).toBe(301);
  });

  it('told twice in one batch is credited once', async () => {
    const told = paid(300);
    const answers = await registerPayments(ledger.sql, [told, told, told], at);
    expect(answers.map(({ verdict }) => verdict)).toEqual(['registered', 'duplicate', 'duplicate']);
    expect(new Set(answers.map(({ paymentId }) => paymentId)).size).toBe(1);
    expect(await ledger.available(personId)).toBe(300);
    expect(await ledger.published()).toHaveLength(1);
  });

  it('told by two instances at once is credited once', async () => {
    const told = paid(300);
    const answers = await Promise.all([1, 2, 3, 4].map(() => registerPayments(ledger.sql, [told], at)));
    expect(answers.map(([answer]) => answer?.verdict).sort()).toEqual([
      'duplicate',
      'duplicate',
      'duplicate',
      'registered',
    ]);
    expect(await ledger.available(personId)).toBe(300);
  });

  it.each([
    ['amount', { amountMinor: 301 }],
    ['currency', { currency: 'USD' }],
    ['person', { personNamed: newId() }],
  ])('told again with another %s is a conflict and moves nothing', async (_, other) => {
    const told = paid(300);
    const [first] = await registerPayments(ledger.sql, [told], at);
    const changed = { ...told, ...other };
    expect(await registerPayments(ledger.sql, [changed], at)).toEqual([
      { verdict: 'conflict', paymentId: first?.paymentId },
    ]);
    expect(await registerPayments(ledger.sql, [changed, told], at)).toEqual([
      { verdict: 'conflict', paymentId: first?.paymentId },
      { verdict: 'duplicate', paymentId: first?.paymentId },
    ]);
    expect(await ledger.available(personId)).toBe(300);
    expect(await ledger.available(personId, 'USD')).toBe(0);
  });

  it('told with another amount in the same batch: the first one stands', async () => {
    const told = paid(300);
    const answers = await registerPayments(ledger.sql, [told, { ...told, amountMinor: 900 }], at);
    expect(answers.map(({ verdict }) => verdict)).toEqual(['registered', 'conflict']);
    expect(await ledger.available(personId)).toBe(300);
  });

  it('naming a person and somebody else’s order belongs to the person, and that order waits', async () => {
    const theirs = order({ amountMinor: 100 });
    const mine = opened(100);
    await openReceivables(ledger.sql, [theirs, mine], at);
    await registerPayments(ledger.sql, [paid(100, theirs.orderId)], at);
    expect(await ledger.receivableState(theirs.orderId)).toBe('open');
    expect(await ledger.receivableState(mine.orderId)).toBe('reserved');
    expect(await ledger.available(theirs.personId)).toBe(0);
  });
});

describe('money for nobody known', () => {
  it('waits for its order, and funds it by itself when it is opened', async () => {
    const late = opened(800);
    await registerPayments(ledger.sql, [notice({ orderNamed: late.orderId, amountMinor: 1_000 })], at);
    const before = await ledger.balance('suspense', 'unmatched');
    expect((await ledger.published())[0]?.data).toMatchObject({
      person_id: null,
      account_version: null,
      funded_orders: [],
    });
    await openReceivables(ledger.sql, [late], at);
    expect(await ledger.balance('suspense', 'unmatched')).toBe(before - 1_000);
    expect(await ledger.available(personId)).toBe(200);
    const [told, ...more] = await ledger.published();
    expect(more).toEqual([]);
    expect(told?.type).toBe(creditApplied.type);
    expect(creditApplied.data.parse(told?.data)).toMatchObject({ order_id: late.orderId, amount_minor: 800 });
  });

  it('waits for its person, and funds their oldest order when they are registered', async () => {
    const newcomer = newId();
    await registerPayments(ledger.sql, [notice({ personNamed: newcomer, amountMinor: 500 })], at);
    expect(await ledger.available(newcomer)).toBe(0);
    await admitPersons(ledger.sql, [{ personId: newcomer, cause }], at);
    expect(await ledger.available(newcomer)).toBe(500);
  });

  it.each([
    ['no id at all', 'nobody'],
    ['dashes alone', '-'.repeat(36)],
    ['a dash too many', '0190d7a6-6f0c-4f4c-9b55-35b8a8d9-3f1'],
    ['a letter that no digit is', '0190d7a6-6f0c-4f4c-9b55-35b8a8d9d3fg'],
    ['an id without its dashes', '0190d7a66f0c4f4c9b5535b8a8d9d3f1'],
  ])('that is named by %s waits like any other', async (_, name) => {
    const before = await ledger.balance('suspense', 'unmatched');
    const answers = await registerPayments(
      ledger.sql,
      [notice({ personNamed: name, amountMinor: 100 }), notice({ orderNamed: name, amountMinor: 100 })],
      at,
    );
    expect(answers.map(({ verdict }) => verdict)).toEqual(['registered', 'registered']);
    expect(await ledger.balance('suspense', 'unmatched')).toBe(before + 200);
  });

  it('that names an order which ended before it was heard of goes to the order’s person', async () => {
    const gone = opened(500);
    await registerPayments(ledger.sql, [notice({ orderNamed: gone.orderId, amountMinor: 500 })], at);
    await withdrawReceivables(ledger.sql, [gone], at);
    expect(await ledger.available(personId)).toBe(500);
  });

  it('that was told without a name takes the name of a later event of the same payment', async () => {
    const mine = opened(600);
    await openReceivables(ledger.sql, [mine], at);
    const unnamed = notice({ amountMinor: 600 });
    await registerPayments(ledger.sql, [unnamed], at);
    expect(await ledger.available(personId)).toBe(0);
    await ledger.published();
    const [answer] = await registerPayments(ledger.sql, [{ ...unnamed, orderNamed: mine.orderId }], at);
    expect(answer?.verdict).toBe('duplicate');
    expect(await ledger.receivableState(mine.orderId)).toBe('reserved');
    expect((await ledger.published()).map(({ type }) => type)).toEqual([creditApplied.type]);
  });

  it('takes a name from each event of its payment, in whatever order and batch they come', async () => {
    for (const together of [false, true]) {
      const waits = notice({ orderNamed: newId(), amountMinor: 70 });
      const events = [waits, { ...waits, amountMinor: 71, personNamed: newId() }, { ...waits, personNamed: personId }];
      const answers = together
        ? await registerPayments(ledger.sql, events, at)
        : [
            ...(await registerPayments(ledger.sql, events.slice(0, 1), at)),
            ...(await registerPayments(ledger.sql, events.slice(1), at)),
          ];
      expect(answers.map(({ verdict }) => verdict)).toEqual(['registered', 'conflict', 'duplicate']);
    }
    expect(await ledger.available(personId)).toBe(140);
  });

  it('is the named person’s, whichever event of the payment names them', async () => {
    const theirs = order({ amountMinor: 60 });
    await openReceivables(ledger.sql, [theirs], at);
    const unnamed = notice({ amountMinor: 60 });
    await registerPayments(ledger.sql, [unnamed], at);
    const answers = await registerPayments(
      ledger.sql,
      [
        { ...unnamed, orderNamed: theirs.orderId },
        { ...unnamed, personNamed: personId },
      ],
      at,
    );
    expect(answers.map(({ verdict }) => verdict)).toEqual(['duplicate', 'duplicate']);
    expect(await ledger.available(personId)).toBe(60);
    expect(await ledger.receivableState(theirs.orderId)).toBe('open');
  });

  it('that went to an order’s person stays there, and an event that names somebody else is a conflict', async () => {
    const mine = opened(80);
    await openReceivables(ledger.sql, [mine], at);
    const named = notice({ orderNamed: mine.orderId, amountMinor: 80 });
    const answers = [
      ...(await registerPayments(ledger.sql, [named], at)),
      ...(await registerPayments(ledger.sql, [{ ...named, personNamed: newId() }], at)),
      ...(await registerPayments(ledger.sql, [{ ...named, personNamed: personId }], at)),
    ];
    expect(answers.map(({ verdict }) => verdict)).toEqual(['registered', 'conflict', 'duplicate']);
    expect(await ledger.receivableState(mine.orderId)).toBe('reserved');
  });

  it('is assigned by an admin, once', async () => {
    const mine = opened(250);
    await openReceivables(ledger.sql, [mine], at);
    const [lost] = await registerPayments(ledger.sql, [notice({ personNamed: 'whoever', amountMinor: 300 })], at);
    const assignment = { paymentId: lost?.paymentId ?? '', personId, assignedBy: 'admin', cause };
    await assignPayments(ledger.sql, [assignment], at);
    await assignPayments(ledger.sql, [{ ...assignment, personId: newId() }], at);
    expect(await ledger.available(personId)).toBe(50);
    expect(await ledger.receivableState(mine.orderId)).toBe('reserved');
  });
});

describe('funding', () => {
  it('takes the named order first, then the oldest, and stops at the first one not covered', async () => {
    const [oldest, dear, young, named] = [opened(300), opened(900), opened(10), opened(200)];
    await openReceivables(ledger.sql, [young, named, dear, oldest], at);
    await registerPayments(ledger.sql, [paid(700, named.orderId)], at);
    const states = await Promise.all([named, oldest, dear, young].map((o) => ledger.receivableState(o.orderId)));
    expect(states).toEqual(['reserved', 'reserved', 'open', 'open']);
    expect([await ledger.available(personId), await ledger.reserved(personId)]).toEqual([200, 500]);
    const [told] = await ledger.published();
    expect(paymentRegistered.data.parse(told?.data).funded_orders.map(({ order_id }) => order_id)).toEqual([
      named.orderId,
      oldest.orderId,
    ]);
  });

  it('puts several payments of one batch together, and lets one payment pay several orders', async () => {
    const [first, second] = [opened(500), opened(500)];
    await openReceivables(ledger.sql, [first, second], at);
    await registerPayments(ledger.sql, [paid(400), paid(400), paid(300)], at);
    expect([await ledger.available(personId), await ledger.reserved(personId)]).toEqual([100, 1_000]);
  });

  it('reserves at opening what is there already, and tells it', async () => {
    await registerPayments(ledger.sql, [paid(500)], at);
    await ledger.published();
    const mine = opened(500);
    await openReceivables(ledger.sql, [mine, mine], at);
    await openReceivables(ledger.sql, [mine], at);
    expect(await ledger.reserved(personId)).toBe(500);
    expect((await ledger.published()).map(({ type, data }) => [type, data.order_id])).toEqual([
      [creditApplied.type, mine.orderId],
    ]);
  });

  it('never crosses currencies', async () => {
    const mine = opened(500);
    await openReceivables(ledger.sql, [mine], at);
    await registerPayments(ledger.sql, [{ ...paid(500, mine.orderId), currency: 'USD' }], at);
    expect(await ledger.receivableState(mine.orderId)).toBe('open');
    expect(await ledger.available(personId, 'USD')).toBe(500);
  });

  it('gives an order its money once, when opening and payment arrive at the same moment', async () => {
    for (let round = 0; round < 10; round += 1) {
      const mine = order({ amountMinor: 100 });
      await Promise.all([
        openReceivables(ledger.sql, [mine], at),
        registerPayments(ledger.sql, [notice({ orderNamed: mine.orderId, amountMinor: 100 })], at),
      ]);
      expect(await ledger.receivableState(mine.orderId)).toBe('reserved');
      expect(await ledger.reserved(mine.personId)).toBe(100);
    }
  });
});

describe('a closed order', () => {
  it('moves what was reserved to its class, once, and is told as settled', async () => {
    const mine = opened(500);
    await openReceivables(ledger.sql, [mine], at);
    await registerPayments(ledger.sql, [paid(800)], at);
    await ledger.published();
    await settleReceivables(ledger.sql, [mine, mine], at);
    await settleReceivables(ledger.sql, [mine], at);
    expect(await ledger.balance('class', mine.classId)).toBe(500);
    expect([await ledger.available(personId), await ledger.reserved(personId)]).toEqual([300, 0]);
    const told = await ledger.published();
    expect(told.map(({ type }) => type)).toEqual([orderSettled.type]);
    expect(orderSettled.data.parse(told[0]?.data)).toMatchObject({ order_id: mine.orderId, class_id: mine.classId });
  });

  it('of nothing moves nothing, whether its opening was heard of or not', async () => {
    const [heard, unheard] = [opened(0), opened(0)];
    await openReceivables(ledger.sql, [heard], at);
    await settleReceivables(ledger.sql, [heard, unheard], at);
    await openReceivables(ledger.sql, [unheard], at);
    expect(await ledger.receivableState(heard.orderId)).toBe('settled');
    expect(await ledger.receivableState(unheard.orderId)).toBe('settled');
    expect(await ledger.published()).toEqual([]);
  });

  it('without its money is a bug, and nothing of the batch happens', async () => {
    const [funded, unfunded] = [opened(100), opened(900)];
    await openReceivables(ledger.sql, [funded, unfunded], at);
    await registerPayments(ledger.sql, [paid(100)], at);
    const settling = settleReceivables(ledger.sql, [funded, unfunded], at);
    await expect(settling).rejects.toThrow(`order ${unfunded.orderId} closed, but its receivable is open`);
    expect(await ledger.receivableState(funded.orderId)).toBe('reserved');
  });

  it('cannot be withdrawn any more', async () => {
    const mine = opened(100);
    await openReceivables(ledger.sql, [mine], at);
    await registerPayments(ledger.sql, [paid(100)], at);
    await settleReceivables(ledger.sql, [mine], at);
    await expect(withdrawReceivables(ledger.sql, [mine], at)).rejects.toThrow('is settled');
  });
});

describe('an order that ended', () => {
  it('gives its reservation back, which funds the next order', async () => {
    const [first, second] = [opened(500), opened(450)];
    await openReceivables(ledger.sql, [first, second], at);
    await registerPayments(ledger.sql, [paid(500)], at);
    await ledger.published();
    await withdrawReceivables(ledger.sql, [first, first], at);
    await withdrawReceivables(ledger.sql, [first], at);
    expect(await ledger.receivableState(second.orderId)).toBe('reserved');
    expect(await ledger.available(personId)).toBe(50);
    expect((await ledger.published()).map(({ type, data }) => [type, data.order_id])).toEqual([
      [creditApplied.type, second.orderId],
    ]);
  });

  it('before it was opened reserves nothing when its opening arrives', async () => {
    const mine = opened(500);
    await registerPayments(ledger.sql, [paid(500)], at);
    await withdrawReceivables(ledger.sql, [mine], at);
    await openReceivables(ledger.sql, [mine], at);
    expect(await ledger.receivableState(mine.orderId)).toBe('withdrawn');
    expect(await ledger.available(personId)).toBe(500);
  });

  it('leaves a late payment on the account, usable', async () => {
    const gone = opened(500);
    await openReceivables(ledger.sql, [gone], at);
    await withdrawReceivables(ledger.sql, [gone], at);
    await registerPayments(ledger.sql, [notice({ orderNamed: gone.orderId, amountMinor: 500 })], at);
    const next = opened(500);
    await openReceivables(ledger.sql, [next], at);
    expect(await ledger.receivableState(next.orderId)).toBe('reserved');
  });

  it('racing its payment ends withdrawn, with the money available', async () => {
    for (let round = 0; round < 10; round += 1) {
      const mine = order({ amountMinor: 100 });
      await openReceivables(ledger.sql, [mine], at);
      await Promise.all([
        registerPayments(ledger.sql, [notice({ orderNamed: mine.orderId, amountMinor: 100 })], at),
        withdrawReceivables(ledger.sql, [mine], at),
      ]);
      expect(await ledger.receivableState(mine.orderId)).toBe('withdrawn');
      expect(await ledger.available(mine.personId)).toBe(100);
    }
  });
});

describe('a bonus', () => {
  const grant = (...bonuses: Bonus[]) => grantBonuses(ledger.sql, bonuses, at);
  const takeBack = (...reversals: BonusReversal[]) => reverseBonuses(ledger.sql, reversals, at);
  const earned = (amountMinor: number) => bonus({ personId, amountMinor });
  const reversed = (one: Bonus) => ({ ...one, reason: 'refund' });
  const expense = () => ledger.balance('promotion_expense', 'bonuses');
  const takenBack = async ({ bonusId }: Bonus) => {
    const [row] = await ledger.sql.query<{ taken: number }>('select reversed_minor as taken from bonus where id = $1', [
      bonusId,
    ]);
    return row?.taken;
  };

  it('is credited once from the promotion expense, however often it is told', async () => {
    const before = await expense();
    const mine = earned(300);
    await grant(mine, earned(50), mine);
    await Promise.all([grant(mine), grant(mine)]);
    expect(await ledger.available(personId)).toBe(350);
    expect(await expense()).toBe(before - 350);
  });

  it('funds an order that waits, which is told', async () => {
    const mine = opened(1_000);
    await openReceivables(ledger.sql, [mine], at);
    await registerPayments(ledger.sql, [paid(700)], at);
    await ledger.published();
    await grant(earned(300));
    expect(await ledger.receivableState(mine.orderId)).toBe('reserved');
    const told = await ledger.published();
    expect(told.map(({ type, data }) => [type, data.order_id])).toEqual([[creditApplied.type, mine.orderId]]);
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
    expect([await ledger.available(personId), await takenBack(mine)]).toEqual([0, 300]);
    expect(await expense()).toBe(before);
  });

  it('that was spent in part is taken back in part, and never what is reserved', async () => {
    const [first, second] = [earned(300), earned(300)];
    await grant(first, second);
    const mine = opened(450);
    await openReceivables(ledger.sql, [mine], at);
    await takeBack(reversed(first), reversed(second));
    expect(await ledger.receivableState(mine.orderId)).toBe('reserved');
    expect([await ledger.available(personId), await ledger.reserved(personId)]).toEqual([0, 450]);
    expect([await takenBack(first), await takenBack(second)].sort()).toEqual([0, 150]);
  });

  it('taken back before it was heard of gives nothing when its earning arrives', async () => {
    const mine = earned(300);
    await takeBack(reversed(mine));
    await grant(mine);
    await takeBack(reversed(mine));
    expect([await ledger.available(personId), await takenBack(mine)]).toEqual([0, 0]);
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
