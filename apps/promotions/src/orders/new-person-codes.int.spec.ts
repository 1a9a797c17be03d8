import { describe, expect, it } from '@jest/globals';
import type { RequestOf } from '#contracts/contract.js';
import type { holdCodes } from '#contracts/promotions/promo-redemptions.js';
import { newId } from '#kernel/ids.js';
import { command, envelope } from '../../../../test/support/messages/messages.js';
import { closedOrder } from '../../../../test/support/messages/order-events.js';
import { answerOf, refusalOf } from '../../../../test/support/messages/replies.js';
import { bonusCodes, withTwoInstances } from '../../test/conversion-suite.js';
import { digest, type OutsideSystem } from '../../test/outside-system.js';
import type { PromotionsHarness } from '../../test/promotions-harness.js';
import { someCode } from '../../test/some-code.js';
import { ApplyCodes } from '../applications/apply-codes.js';
import { RecordConversions } from '../conversions/record-conversions.js';
import { HoldCodes } from '../redemptions/holding/hold-codes.js';
import { ReleaseHolds } from '../redemptions/holding/release-holds.js';
import { RedeemHolds } from '../redemptions/redeeming/redeem-holds.js';
import { ValidateCodes } from '../redemptions/validating/validate-codes.js';

let harness: PromotionsHarness;
let second: PromotionsHarness;
let system: OutsideSystem;

withTwoInstances((one, other, outside) => {
  harness = one;
  second = other;
  system = outside;
});
const { fixed } = bonusCodes(() => harness);

type Request = RequestOf<typeof holdCodes>;

const order = (person_id: string, ...codes: string[]): Request => {
  return { order_id: newId(), person_id, offer_id: newId(), amount_minor: 4_000, currency: 'EUR', codes };
};

const hold = async (requests: readonly Request[], instance = harness) =>
  (await instance.get(HoldCodes).execute(requests.map((request) => command(request)))).map(refusalOf);

const newPersonCode = (columns = {}) => someCode(harness, { audience: 'new_persons', ...columns });

/** The reason that an admin gets for this code and person; null when it is usable. */
async function reasonOf(code: string, person_id: string): Promise<string | null> {
  const price = { amount_minor: 4_000, currency: 'EUR', offer_id: 'chess' };
  const request = { ...price, person_id, codes: [code], visible_to: null };
  const [reply] = await harness.get(ValidateCodes).execute([command(request)]);
  return answerOf(reply).refusal?.code ?? null;
}

const release = (orderId: string) =>
  harness.get(ReleaseHolds).execute([{ orderId, reason: 'cancelled', cause: envelope({}) }]);

describe('codes for new persons', () => {
  it('are held once by a person, over all such codes, on orders at once in two instances', async () => {
    const [one, two, three, everyone] = [
      await newPersonCode(),
      await newPersonCode(),
      await newPersonCode(),
      await someCode(harness),
    ];
    for (let round = 0; round < 8; round++) {
      const person = newId();
      const orders = [one, two, three].map(({ code }) => order(person, code));
      const refusals = (
        await Promise.all(orders.map((request, index) => hold([request], index % 2 ? harness : second)))
      ).flat();
      expect(refusals.toSorted()).toEqual(['PROMO_CODE_NOT_USABLE', 'PROMO_CODE_NOT_USABLE', null].toSorted());
      expect(await hold([order(person, everyone.code)])).toEqual([null]);
      expect(await hold([order(newId(), one.code)])).toEqual([null]);
    }
  });

  it('are held once by a person in one set, also of one code and on one order', async () => {
    const [one, two] = [
      await newPersonCode({ stacking: 'combinable' }),
      await newPersonCode({ stacking: 'combinable' }),
    ];
    const [ann, ben, cleo] = [newId(), newId(), newId()];
    const refusals = await hold([order(ann, one.code), order(ben, one.code, two.code), order(ann, one.code)]);
    expect(refusals).toEqual([null, 'PROMO_CODE_NOT_USABLE', 'PROMO_CODE_NEW_PERSON_LIMIT']);
    // The refused set of codes took nothing.
    expect(await hold([order(ben, two.code), order(cleo, two.code)])).toEqual([null, null]);
  });

  it('are free again once the order of the hold has ended, and not once it closed', async () => {
    const [one, two] = [await newPersonCode(), await newPersonCode()];
    const person = newId();
    const [first, next] = [order(person, one.code), order(person, two.code)];
    expect(await hold([first])).toEqual([null]);
    expect(await reasonOf(two.code, person)).toBe('PROMO_CODE_NEW_PERSON_LIMIT');
    await release(first.order_id);
    await release(first.order_id);
    expect(await reasonOf(two.code, person)).toBeNull();
    expect(await hold([next])).toEqual([null]);
    const { order_id, offer_id: class_id } = next;
    const closed = closedOrder({ order_id, person_id: person, class_id, amount_minor: 3_600 });
    await harness.get(RedeemHolds).execute([envelope(closed)]);
    // The person is projected as no longer new by another handler, which may come later.
    expect(await reasonOf(one.code, person)).toBe('PROMO_CODE_NEW_PERSON_LIMIT');
    expect(await hold([order(person, one.code)])).toEqual(['PROMO_CODE_NEW_PERSON_LIMIT']);
  });

  it('earn one bonus of all that a person applied, which a reversal frees', async () => {
    const terms = { audience: 'new_persons', stacking: 'combinable' };
    const [one, two] = [await fixed(100, { ...terms, precedence: 1 }), await fixed(200, { ...terms, precedence: 2 })];
    const person = await system.personWith(one.id, two.id);
    const [first, next] = [system.conversion(person), system.conversion(person)];
    expect((await system.record(first, next)).map(digest)).toEqual([
      { bonuses: [100], reasons: ['PROMO_CODE_NEW_PERSON_LIMIT'] },
      { bonuses: [], reasons: ['PROMO_CODE_NEW_PERSON_LIMIT', 'PROMO_CODE_NEW_PERSON_LIMIT'] },
    ]);
    const other = await fixed(300, { audience: 'new_persons' });
    const applying = command({ person_id: person, promo_code: other.code, visible_to: null });
    expect((await harness.get(ApplyCodes).execute([applying])).map(refusalOf)).toEqual(['PROMO_CODE_NEW_PERSON_LIMIT']);
    await system.reverse(first.conversion_id);
    expect((await system.record(system.conversion(person))).map(digest)).toMatchObject([{ bonuses: [100] }]);
  });

  it('of many persons are decided in two instances without a deadlock', async () => {
    const terms = { audience: 'new_persons' };
    const [left, right] = [await fixed(100, terms), await fixed(100, terms)];
    const codes = [await fixed(100, terms), await fixed(100, terms), await newPersonCode()];
    for (let round = 0; round < 6; round++) {
      const persons = await system.persons(30);
      await system.apply(persons, [codes[0]?.id, codes[1]?.id] as string[]);
      await system.apply(persons.slice(0, 15), [left.id]);
      await system.apply(persons.slice(15), [right.id]);
      const sets = [persons, persons.toReversed(), [...persons.slice(15), ...persons.slice(0, 15)]];
      const [some, others] = await Promise.all([
        Promise.all(
          sets.map((set, index) =>
            (index % 2 ? harness : second)
              .get(RecordConversions)
              .execute([command({ conversions: set.map((person) => system.conversion(person)) })]),
          ),
        ),
        Promise.all(
          sets.map((set, index) =>
            hold(
              set.map((person) => order(person, codes[2]?.code as string)),
              index % 2 ? second : harness,
            ),
          ),
        ),
      ]);
      const earned = some.flat().flatMap((reply) => answerOf(reply).items.map(digest));
      const bonuses = earned.flatMap((outcome) => outcome.bonuses).length;
      const holds = others.flat().filter((refusal) => refusal === null).length;
      expect(bonuses + holds).toBe(30);
    }
  }, 60_000);
});
