import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { creditApplied, paymentCredited, paymentRegistered } from '#contracts/payments/payments.js';
import { newId } from '#kernel/ids.js';
import { at, cause, type Ledger, notice, openLedger, order } from '../../../test/ledger-fixture.js';
import {
  admitPersons,
  assignPayments,
  openReceivables,
  registerPayments,
  withdrawReceivables,
} from '../../../test/movements.js';

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
  it('stands on the account of the person it names, and is published with the version of that account', async () => {
    const answers = await registerPayments(ledger.sql, [paid(700), paid(50)], at);
    expect(answers.map(({ verdict }) => verdict)).toEqual(['registered', 'registered']);
    expect(await ledger.available(personId)).toBe(750);
    const events = await ledger.published();
    expect(events.map(({ type, data }) => [type, data.person_id, data.amount_minor, data.funded_orders])).toEqual([
      [paymentRegistered.type, personId, expect.any(Number), []],
      [paymentRegistered.type, personId, expect.any(Number), []],
    ]);
    const entries = await ledger.sql.query<{ payment_id: string; version: number; balance: number }>(
      `select t.payment_id, e.version, e.balance_after_minor as balance
       from entry e join transfer t on t.id = e.transfer_id join account a on a.id = e.account_id
       where a.owner = $1 order by e.version`,
      [personId],
    );
    expect(events.map(({ data }) => [data.payment_id, data.account_version])).toEqual(
      entries.map(({ payment_id, version }) => [payment_id, version]),
    );
    expect(entries.map(({ version }) => version)).toEqual([1, 2]);
    expect(entries[1]?.balance).toBe(750);
    for (const { data } of events) expect(paymentRegistered.data.parse(data)).toEqual(data);
  });

  it('belongs to the person of the order it names', async () => {
    const mine = opened(400);
    await openReceivables(ledger.sql, [mine], at);
    await registerPayments(ledger.sql, [notice({ orderNamed: mine.orderId, amountMinor: 500 })], at);
    expect(await ledger.available(personId)).toBe(100);
    expect(await ledger.receivableState(mine.orderId)).toBe('reserved');
  });

  it('that comes twice is credited once, and the repeat gets the first payment', async () => {
    const noticed = paid(300);
    const [first] = await registerPayments(ledger.sql, [noticed], at);
    const again = await registerPayments(ledger.sql, [noticed, paid(1), noticed], at);
    expect(again).toEqual([
      { verdict: 'duplicate', paymentId: first?.paymentId },
      { verdict: 'registered', paymentId: expect.any(String) },
      { verdict: 'duplicate', paymentId: first?.paymentId },
    ]);
    expect(await ledger.available(personId)).toBe(301);
  });

  it('that comes twice in one batch is credited once', async () => {
    const noticed = paid(300);
    const answers = await registerPayments(ledger.sql, [noticed, noticed, noticed], at);
    expect(answers.map(({ verdict }) => verdict)).toEqual(['registered', 'duplicate', 'duplicate']);
    expect(new Set(answers.map(({ paymentId }) => paymentId)).size).toBe(1);
    expect(await ledger.available(personId)).toBe(300);
    expect(await ledger.published()).toHaveLength(1);
  });

  it('that two instances register at once is credited once', async () => {
    const noticed = paid(300);
    const answers = await Promise.all([1, 2, 3, 4].map(() => registerPayments(ledger.sql, [noticed], at)));
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
  ])('that comes again with another %s is a conflict and moves nothing', async (_, other) => {
    const noticed = paid(300);
    const [first] = await registerPayments(ledger.sql, [noticed], at);
    const changed = { ...noticed, ...other };
    expect(await registerPayments(ledger.sql, [changed], at)).toEqual([
      { verdict: 'conflict', paymentId: first?.paymentId },
    ]);
    expect(await registerPayments(ledger.sql, [changed, noticed], at)).toEqual([
      { verdict: 'conflict', paymentId: first?.paymentId },
      { verdict: 'duplicate', paymentId: first?.paymentId },
    ]);
    expect(await ledger.available(personId)).toBe(300);
    expect(await ledger.available(personId, 'USD')).toBe(0);
  });

  it('that comes with another amount in the same batch: the first one stands', async () => {
    const noticed = paid(300);
    const answers = await registerPayments(ledger.sql, [noticed, { ...noticed, amountMinor: 900 }], at);
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
    const [event, ...more] = await ledger.published();
    expect(more.map(({ type }) => type)).toEqual([paymentCredited.type]);
    expect(more[0]?.data).toMatchObject({ order_id: late.orderId, amount_minor: 1_000, available_minor: null });
    expect(event?.type).toBe(creditApplied.type);
    expect(creditApplied.data.parse(event?.data)).toMatchObject({ order_id: late.orderId, amount_minor: 800 });
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

  it('that names an order whose end came first goes to the order’s person', async () => {
    const gone = opened(500);
    await registerPayments(ledger.sql, [notice({ orderNamed: gone.orderId, amountMinor: 500 })], at);
    await withdrawReceivables(ledger.sql, [gone], at);
    expect(await ledger.available(personId)).toBe(500);
  });

  it('that came without a name takes the name of a later event of the same payment', async () => {
    const mine = opened(600);
    await openReceivables(ledger.sql, [mine], at);
    const unnamed = notice({ amountMinor: 600 });
    await registerPayments(ledger.sql, [unnamed], at);
    expect(await ledger.available(personId)).toBe(0);
    await ledger.published();
    const [answer] = await registerPayments(ledger.sql, [{ ...unnamed, orderNamed: mine.orderId }], at);
    expect(answer?.verdict).toBe('duplicate');
    expect(await ledger.receivableState(mine.orderId)).toBe('reserved');
    expect((await ledger.published()).map(({ type }) => type)).toEqual([creditApplied.type, paymentCredited.type]);
  });

  it('takes a name from each event of its payment, in any order and batch', async () => {
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
    const [lost] = await registerPayments(ledger.sql, [notice({ personNamed: 'unknown', amountMinor: 300 })], at);
    const assignment = { paymentId: lost?.paymentId ?? '', personId, assignedBy: 'admin', cause };
    await assignPayments(ledger.sql, [assignment], at);
    await assignPayments(ledger.sql, [{ ...assignment, personId: newId() }], at);
    expect(await ledger.available(personId)).toBe(50);
    expect(await ledger.receivableState(mine.orderId)).toBe('reserved');
  });
});
