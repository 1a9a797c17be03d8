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
    const body = system.conversion(await system.personWith(code.id));
    await system.record(body);
    return { code, body };
  };

  it('adds a journal entry, frees the slot, reactivates the code and publishes bonus-reversed', async () => {
    const { code, body } = await converted();
    expect(await counters(code.id)).toMatchObject({ used: 1, status: 'expired' });
    harness.clock.moveBy({ minutes: 1 });
    const reversal = await system.reverse(body.conversion_id);
    expect(reversal).toMatchObject({
      conversion_id: body.conversion_id,
      reason: 'refund',
      reversed_at: harness.clock.now().toString(),
      redemptions: [{ code: code.code, bonus_minor: 500, currency: 'EUR', gives_back: true }],
    });
    expect(await counters(code.id)).toEqual({ used: 0, held: 0, given: 0, status: 'active', entries: 2 });
    const [earned] = await harness.published(bonusEarned.type);
    const [reversed, ...others] = await harness.published(bonusReversed.type);
    expect(others).toEqual([]);
    expect(reversed).toMatchObject({ subject: earned?.subject, data: { bonus_id: earned?.subject, reason: 'refund' } });
    expect(await harness.get(ReadConversion).execute(body.conversion_id)).toMatchObject({
      reverse_reason: 'refund',
      reversed_at: reversal.reversed_at,
    });
    const next = await system.record(system.conversion(await system.personWith(code.id)));
    expect(next.map(digest)).toEqual([{ bonuses: [500], reasons: [] }]);
  });

  it('keeps the slot where the give-back rule says so for its reason', async () => {
    const { code, body } = await converted();
    const { redemptions } = await system.reverse(body.conversion_id, 'fraud');
    expect(redemptions.map(({ gives_back }) => gives_back)).toEqual([false]);
    expect(await counters(code.id)).toMatchObject({ used: 1, status: 'expired' });
    expect(await harness.published(bonusReversed.type)).toHaveLength(1);
  });

  it('requested again has the same reply, and for another reason is refused', async () => {
    const { code, body } = await converted();
    const first = await system.reverse(body.conversion_id);
    harness.clock.moveBy({ minutes: 1 });
    const request = (reason: 'refund' | 'fraud') => command({ conversion_id: body.conversion_id, reason });
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

  it('requested many times at once happens once', async () => {
    const { code, body } = await converted();
    await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        (index % 2 ? harness : second)
          .get(ReverseConversions)
          .execute([command({ conversion_id: body.conversion_id, reason: 'cancel' as const })]),
      ),
    );
    expect(await counters(code.id)).toMatchObject({ used: 0, entries: 2 });
    expect(await harness.published(bonusReversed.type)).toHaveLength(1);
  });

  it('does not free the conversion id: reported again, the conversion has its first outcome', async () => {
    const { code, body } = await converted();
    const [first] = await system.record(body);
    await system.reverse(body.conversion_id);
    expect(await system.record(body)).toEqual([first]);
    expect(await counters(code.id)).toMatchObject({ used: 0 });
  });

  it('of a conversion that was not recorded is refused', async () => {
    const request = command({ conversion_id: 'nothing', reason: 'refund' as const });
    expect((await harness.get(ReverseConversions).execute([request])).map(refusalOf)).toEqual(['CONVERSION_NOT_FOUND']);
  });
});
