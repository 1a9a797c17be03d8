import { describe, expect, it } from '@jest/globals';
import { bonusEarned, bonusReversed } from '#contracts/promotions/conversions.js';
import { command } from '../../../../test/support/messages/messages.js';
import { answerOf, refusalOf } from '../../../../test/support/messages/replies.js';
import { bonusCodes, withTwoInstances } from '../../test/conversion-suite.js';
import { digest, OutsideSystem } from '../../test/outside-system.js';
import { PromotionsHarness } from '../../test/promotions-harness.js';
import { type CodeColumns } from '../../test/some-code.js';
import { ReadConversion } from './read-conversion.js';
import { ReverseConversions } from './reverse-conversions.js';

let harness: PromotionsHarness;
let second: PromotionsHarness;
let system: OutsideSystem;

withTwoInstances((one, other, outside) => {
  harness = one;
  second = other;
  system = outside;
});
const { fixed, counters } = bonusCodes(() => harness);

describe('a reversal', () => {
  const converted = async (columns: CodeColumns = {}) => {
    const code = await fixed(500, { max_uses: 1, ...columns });
    const told = system.conversion(await system.personWith(code.id));
    await system.record(told);
    return { code, told };
  };

  it('is entered beside the use, frees its slot, opens the code again and takes the bonus back', async () => {
    const { code, told } = await converted();
    expect(await counters(code.id)).toMatchObject({ used: 1, status: 'expired' });
    harness.clock.moveBy({ minutes: 1 });
    const reversal = await system.reverse(told.conversion_id);
    expect(reversal).toMatchObject({
      conversion_id: told.conversion_id,
      reason: 'refund',
      reversed_at: harness.clock.now().toString(),
      uses: [{ code: code.code, bonus_minor: 500, currency: 'EUR', gives_back: true }],
    });
    expect(await counters(code.id)).toEqual({ used: 0, held: 0, given: 0, status: 'active', entries: 2 });
    const [earned] = await harness.published(bonusEarned.type);
    const [reversed, ...others] = await harness.published(bonusReversed.type);
    expect(others).toEqual([]);
    expect(reversed).toMatchObject({ subject: earned?.subject, data: { bonus_id: earned?.subject, reason: 'refund' } });
    expect(await harness.get(ReadConversion).execute(told.conversion_id)).toMatchObject({
      reverse_reason: 'refund',
      reversed_at: reversal.reversed_at,
    });
    const next = await system.record(system.conversion(await system.personWith(code.id)));
    expect(next.map(digest)).toEqual([{ bonuses: [500], reasons: [] }]);
  });

  it('keeps the slot where the give-back rule says so for its reason', async () => {
    const { code, told } = await converted();
    const { uses } = await system.reverse(told.conversion_id, 'fraud');
    expect(uses.map(({ gives_back }) => gives_back)).toEqual([false]);
    expect(await counters(code.id)).toMatchObject({ used: 1, status: 'expired' });
    expect(await harness.published(bonusReversed.type)).toHaveLength(1);
  });

  it('asked for again has the same answer, and for another reason is refused', async () => {
    const { code, told } = await converted();
    const first = await system.reverse(told.conversion_id);
    harness.clock.moveBy({ minutes: 1 });
    const request = (reason: 'refund' | 'fraud') => command({ conversion_id: told.conversion_id, reason });
    const replies = await Promise.all(
      [harness, second].map((instance) =>
        instance.get(ReverseConversions).execute([request('refund'), request('fraud')]),
      ),
    );
    for (const [same, other] of replies) {
      expect(answerOf(same)).toEqual(first);
      expect(refusalOf(other)).toBe('CONVERSION_ALREADY_REVERSED');
    }
    expect(await counters(code.id)).toMatchObject({ used: 0, entries: 2 });
    expect(await harness.published(bonusReversed.type)).toHaveLength(1);
  });

  it('asked for at once by many happens once', async () => {
    const { code, told } = await converted();
    await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        (index % 2 ? harness : second)
          .get(ReverseConversions)
          .execute([command({ conversion_id: told.conversion_id, reason: 'cancel' as const })]),
      ),
    );
    expect(await counters(code.id)).toMatchObject({ used: 0, entries: 2 });
    expect(await harness.published(bonusReversed.type)).toHaveLength(1);
  });

  it('does not make the conversion a new one: told again, it has its first answer', async () => {
    const { code, told } = await converted();
    const [first] = await system.record(told);
    await system.reverse(told.conversion_id);
    expect(await system.record(told)).toEqual([first]);
    expect(await counters(code.id)).toMatchObject({ used: 0 });
  });

  it('of what nobody recorded is refused', async () => {
    const asked = command({ conversion_id: 'nothing', reason: 'refund' as const });
    expect((await harness.get(ReverseConversions).execute([asked])).map(refusalOf)).toEqual(['CONVERSION_NOT_FOUND']);
  });
});
