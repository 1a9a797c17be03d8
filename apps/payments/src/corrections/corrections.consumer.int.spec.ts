import { describe, expect, it } from '@jest/globals';
import { correctPayment, payOutBalance, reassignPayment, refundPayment } from '#contracts/payments/corrections.js';
import { newId } from '#kernel/ids.js';
import { author } from '../../test/corrections.js';
import { PayingPerson } from '../../test/paying-person.js';

const one = PayingPerson.inEachTest();
const { cash, register, balances, instant, admit } = one;
const reason = 'Typed wrong.';

describe('a correction by command', () => {
  it('happens once, however often it is sent, and answers how the payment stands', async () => {
    const registered = await register(cash({ amount_minor: 49_000 }));
    const commandId = newId();
    const request = { payment_id: registered.payment_id, amount_minor: 4_900, reason };
    const send = () => one.rpc.request(correctPayment, request, { commandId, author });
    const [first, ...repeats] = await Promise.all([send(), send(), send()]);
    expect(first).toEqual({
      correction_id: expect.any(String),
      movement: 'correct-payment',
      payment: { ...registered, amount_minor: 4_900 },
      amount_minor: 44_100,
      owed_minor: 0,
      reason,
      recorded_at: instant(),
    });
    expect(repeats).toEqual([first, first]);
    expect((await balances())[0]?.available_minor).toBe(4_900);
    await expect(register({ ...cash(), reference: registered.reference, amount_minor: 49_000 })).rejects.toMatchObject({
      code: 'PAYMENT_REFERENCE_REUSED',
    });
  });

  it('of twenty refunds at once gives back no more than was paid', async () => {
    const { payment_id } = await register(cash());
    const settled = await Promise.allSettled(
      Array.from({ length: 20 }, () =>
        one.rpc.request(refundPayment, { payment_id, amount_minor: 300, reason }, { author }),
      ),
    );
    expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
    expect((await balances())[0]?.available_minor).toBe(100);
    const last = await one.rpc.request(refundPayment, { payment_id, reason }, { author });
    expect(last).toMatchObject({ movement: 'refund-payment', amount_minor: 100, payment: { refunded_minor: 1_000 } });
  });

  it('reassigns and pays out', async () => {
    const right = newId();
    await admit(right);
    const { payment_id } = await register(cash());
    const moved = await one.rpc.request(reassignPayment, { payment_id, person_id: right, reason }, { author });
    expect(moved).toMatchObject({ movement: 'reassign-payment', payment: { person_id: right }, amount_minor: 1_000 });
    const request = { person_id: right, amount_minor: 900, currency: 'EUR', method: 'cash' as const, reason };
    const paid = await one.rpc.request(payOutBalance, request, { author });
    expect(paid).toEqual({ payout_id: expect.any(String), ...request, available_minor: 100, recorded_at: instant() });
  });
});
