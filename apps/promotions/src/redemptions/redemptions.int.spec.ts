import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { promoCodeDeactivated } from '#contracts/promotions/promo-redemptions.js';
import { newId } from '#kernel/ids.js';
import { Transactions, type Tx } from '#persistence/transaction.js';
import { PromotionsHarness } from '../../test/promotions-harness.js';
import { someCode } from '../../test/some-code.js';
import { violations } from '../../test/violations.js';
import { type Admission, AdmitRedemptions } from './admitting/admit-redemptions.js';
import type { RedemptionRequest } from './domain/redemption-request.js';
import { ReverseRedemptions } from './redeeming/reverse-redemptions.js';

let harness: PromotionsHarness;
let neighbour: PromotionsHarness;

beforeAll(async () => {
  harness = await PromotionsHarness.open();
  neighbour = await PromotionsHarness.open(harness);
});

afterAll(async () => {
  await neighbour[Symbol.asyncDispose]();
  await harness[Symbol.asyncDispose]();
});

const bonus = { kind: 'bonus', amount_minor: 500, currency: 'EUR' };

function conversion(id: string, request: Partial<RedemptionRequest> = {}): RedemptionRequest {
  return {
    stage: 'convert',
    codes: [{ id }],
    personId: newId(),
    offerId: 'offer',
    amountMinor: 1_000,
    currency: 'EUR',
    conversionId: newId(),
    ...request,
  };
}

const admit = (requests: readonly RedemptionRequest[], instance = harness) =>
  instance.get(AdmitRedemptions).execute(instance.get(Transactions), requests);

/** The refusal code of each admission; null when it was admitted. */
const codesOf = (admissions: readonly Admission[]) =>
  admissions.map((admission) => ('refusal' in admission ? admission.refusal.code : null));

const reverse = (redemptionId: string, reason: string) =>
  harness
    .get(Transactions)
    .run((tx) => harness.get(ReverseRedemptions).execute(tx, [{ redemptionId, reason, revenueMinor: 0, cause: null }]));

async function codeRow(id: string) {
  const [row] = await harness.query<{
    status: string;
    used: number;
    held: number;
    given_minor: number;
    auto_deactivated_at: Temporal.Instant | null;
  }>('select status, used, held, given_minor, auto_deactivated_at from promo_code where id = $1', [id]);
  return row;
}

const deactivations = async (id: string) =>
  (await harness.published(promoCodeDeactivated.type)).filter(({ subject }) => subject === id);

const times = <Item>(count: number, make: (index: number) => Item) => Array.from({ length: count }, (_, i) => make(i));

describe('200 conversions at once on a code with three slots left', () => {
  it('are three redemptions, 197 precise refusals and one deactivation, with any number of instances and batches', async () => {
    const { id, code } = await someCode(harness, { ...bonus, max_uses: 10 });
    expect(codesOf(await admit(times(7, () => conversion(id))))).toEqual(times(7, () => null));

    const batches = times(50, (index) =>
      admit(
        times(4, () => conversion(id)),
        index % 2 ? harness : neighbour,
      ),
    );
    const answers = (await Promise.all(batches)).flat();

    const refused = answers.filter((answer) => 'refusal' in answer);
    expect(answers.length - refused.length).toBe(3);
    expect(refused).toHaveLength(197);
    for (const { refusal } of refused) {
      expect(refusal).toMatchObject({ code: 'PROMO_CODE_USED_UP', details: { promo_code: code, max_uses: 10 } });
    }
    expect(await codeRow(id)).toMatchObject({ status: 'expired', used: 10, held: 0, given_minor: 5_000 });
    expect(await deactivations(id)).toHaveLength(1);
    expect((await deactivations(id))[0]?.data).toMatchObject({ code_id: id, code, used: 10, max_uses: 10 });
    expect(await violations(harness)).toEqual([]);
  });

  it('leave a receipt each, with the counters around the decision', async () => {
    const { id } = await someCode(harness, { ...bonus, max_uses: 3 });
    await Promise.all(times(50, () => admit(times(4, () => conversion(id)))));
    const receipts = await harness.query<{
      allowed: boolean;
      reason: string | null;
      used_before: number;
      used_after: number;
      given_after: number;
    }>(
      'select allowed, reason, used_before, used_after, given_after from decision_receipt where code_id = $1 order by id',
      [id],
    );
    expect(receipts).toHaveLength(200);
    const allowed = receipts.filter((receipt) => receipt.allowed);
    expect(allowed.map(({ used_before, used_after, given_after }) => [used_before, used_after, given_after])).toEqual([
      [0, 1, 500],
      [1, 2, 1_000],
      [2, 3, 1_500],
    ]);
    for (const { reason, used_before, used_after } of receipts.filter((receipt) => !receipt.allowed)) {
      expect([reason, used_before, used_after]).toEqual(['PROMO_CODE_USED_UP', 3, 3]);
    }
  });
});

describe('a limit', () => {
  it('per person holds under concurrent requests of others', async () => {
    const { id } = await someCode(harness, { ...bonus, max_uses_per_person: 2 });
    const [ann, ben] = [newId(), newId()];
    const requests = times(60, (index) => conversion(id, { personId: index % 2 ? ann : ben }));
    const answers = await Promise.all(
      requests.map((request, index) => admit([request], index % 3 ? harness : neighbour)),
    );
    const codes = codesOf(answers.flat());
    for (const person of [ann, ben]) {
      const own = codes.filter((_, index) => requests[index]?.personId === person);
      expect(own.filter((code) => code === null)).toHaveLength(2);
      expect(own.filter((code) => code === 'PROMO_CODE_PERSON_LIMIT')).toHaveLength(28);
    }
    expect(await violations(harness)).toEqual([]);
  });

  it('per offer holds', async () => {
    const { id } = await someCode(harness, { ...bonus, max_uses_per_offer: 3 });
    const requests = times(40, (index) => conversion(id, { offerId: index % 2 ? 'chess' : 'go' }));
    const codes = codesOf((await Promise.all(requests.map((request) => admit([request])))).flat());
    expect(codes.filter((code) => code === null)).toHaveLength(6);
    expect(codes.filter((code) => code === 'PROMO_CODE_OFFER_LIMIT')).toHaveLength(34);
  });

  it('of the budget admits what still fits, in the order of the requests', async () => {
    const { id } = await someCode(harness, { kind: 'bonus', percent_bp: 5_000, currency: 'EUR', budget_minor: 1_000 });
    const answers = await admit([1_600, 600, 400, 1].map((amountMinor) => conversion(id, { amountMinor })));
    expect(codesOf(answers)).toEqual([null, 'PROMO_CODE_BUDGET_SPENT', null, 'PROMO_CODE_BUDGET_SPENT']);
    expect(await codeRow(id)).toMatchObject({ status: 'active', used: 2, given_minor: 1_000 });
  });

  it('refuses, and leaves a code active that does not deactivate itself', async () => {
    const { id } = await someCode(harness, { ...bonus, max_uses: 1, auto_deactivate_on_max_uses: false });
    expect(codesOf(await admit([conversion(id), conversion(id)]))).toEqual([null, 'PROMO_CODE_USED_UP']);
    expect(await codeRow(id)).toMatchObject({ status: 'active', used: 1, auto_deactivated_at: null });
    expect(await deactivations(id)).toEqual([]);
  });

  it('of the table itself refuses a counter above it', async () => {
    const { id } = await someCode(harness, { ...bonus, max_uses: 1 });
    await admit([conversion(id)]);
    await expect(harness.query('update promo_code set used = used + 1 where id = $1', [id])).rejects.toThrow(
      'uses_within_limit',
    );
  });
});

describe('the same conversion', () => {
  it('five times, in one batch and in several, is one redemption', async () => {
    const { id } = await someCode(harness, { ...bonus, max_uses: 2 });
    const request = conversion(id);
    const together = await admit([request, request]);
    const apart = await Promise.all([admit([request]), admit([request], neighbour), admit([request])]);
    const redemptionIds = [...together, ...apart.flat()].map(
      (answer) => 'redemptions' in answer && answer.redemptions[0]?.redemptionId,
    );
    expect(new Set(redemptionIds).size).toBe(1);
    expect([...together, ...apart.flat()].map((answer) => 'redemptions' in answer && answer.repeated)).toEqual([
      false,
      true,
      true,
      true,
      true,
    ]);
    expect(await codeRow(id)).toMatchObject({ used: 1, status: 'active' });
  });

  it('on two codes is a redemption of each', async () => {
    const [one, two] = [await someCode(harness, bonus), await someCode(harness, bonus)];
    const conversionId = newId();
    expect(codesOf(await admit([conversion(one.id, { conversionId }), conversion(two.id, { conversionId })]))).toEqual([
      null,
      null,
    ]);
  });
});

describe('an edit between reading the rules of a code and locking it', () => {
  it('evaluates the request again, by the new rules', async () => {
    const { id } = await someCode(harness, bonus);
    let isEdited = false;
    const transactions = harness.get(Transactions);
    const statements = {
      kysely: transactions.kysely.bind(transactions),
      async query<Row>(text: string, values?: readonly unknown[]): Promise<Row[]> {
        if (text.includes('admit_redemptions') && !isEdited) {
          isEdited = true;
          await harness.query(`update promo_code set amount_minor = 700, version = version + 1 where id = $1`, [id]);
        }
        return harness.query<Row & Record<string, unknown>>(text, values);
      },
    };
    const [answer] = await harness.get(AdmitRedemptions).execute(statements, [conversion(id)]);
    expect(answer).toMatchObject({ redemptions: [{ benefitMinor: 700 }] });
    expect(await harness.query('select from decision_receipt where code_id = $1', [id])).toHaveLength(1);
  });
});

describe('a cached code', () => {
  const benefit = async (id: string) => {
    const [answer] = await admit([conversion(id)]);
    return answer && 'redemptions' in answer ? answer.redemptions[0]?.benefitMinor : answer?.refusal.code;
  };
  const edit = (id: string, change: string) =>
    harness.query(`update promo_code set ${change}, version = version + 1 where id = $1`, [id]);

  it('is evaluated by its new rules after each edit', async () => {
    const { id } = await someCode(harness, bonus);
    expect(await benefit(id)).toBe(500);
    await edit(id, 'amount_minor = 700');
    expect(await benefit(id)).toBe(700);
    await edit(id, `status = 'paused'`);
    expect(await benefit(id)).toBe('PROMO_CODE_NOT_ACTIVE');
    await edit(id, `status = 'active', offers_rule = 'some', offers = '{elsewhere}'`);
    expect(await benefit(id)).toBe('PROMO_CODE_WRONG_OFFER');
    await edit(id, `offers_rule = 'all', offers = '{}'`);
    expect(await benefit(id)).toBe(700);
  });
});

describe('a reversal', () => {
  it('frees the slot and reactivates a code that its last redemption deactivated, each time', async () => {
    const { id } = await someCode(harness, { ...bonus, max_uses: 1 });
    for (const round of [1, 2]) {
      const [answer] = await admit([conversion(id)]);
      const redemptionId = (answer && 'redemptions' in answer && answer.redemptions[0]?.redemptionId) as string;
      expect(await codeRow(id)).toMatchObject({ status: 'expired', used: 1 });
      expect(await deactivations(id)).toHaveLength(round);
      expect(await reverse(redemptionId, 'refund')).toMatchObject([
        { redemptionId, benefitMinor: 500, keepsSlot: false },
      ]);
      expect(await reverse(redemptionId, 'refund')).toEqual([]);
      expect(await codeRow(id)).toMatchObject({ status: 'active', used: 0, given_minor: 0, auto_deactivated_at: null });
    }
    const entries = await harness.query<{ entry_no: number; kind: string }>(
      'select entry_no, kind from redemption_entry where code_id = $1 order by entry_no',
      [id],
    );
    expect(entries).toEqual([
      { entry_no: 1, kind: 'redeemed' },
      { entry_no: 2, kind: 'reversed' },
      { entry_no: 3, kind: 'redeemed' },
      { entry_no: 4, kind: 'reversed' },
    ]);
    expect(await violations(harness)).toEqual([]);
  });

  it('keeps the slot where the give-back rule says so for its reason', async () => {
    const { id } = await someCode(harness, { ...bonus, max_uses: 1 });
    const [answer] = await admit([conversion(id)]);
    const redemptionId = (answer && 'redemptions' in answer && answer.redemptions[0]?.redemptionId) as string;
    expect(await reverse(redemptionId, 'fraud')).toMatchObject([{ keepsSlot: true }]);
    expect(await codeRow(id)).toMatchObject({ status: 'expired', used: 1 });
    expect(codesOf(await admit([conversion(id)]))).toEqual(['PROMO_CODE_USED_UP']);
    expect(await violations(harness)).toEqual([]);
  });

  it('does not reactivate a paused code', async () => {
    const { id } = await someCode(harness, { ...bonus, max_uses: 1 });
    const [answer] = await admit([conversion(id)]);
    const redemptionId = (answer && 'redemptions' in answer && answer.redemptions[0]?.redemptionId) as string;
    await harness.query(`update promo_code set status = 'paused', auto_deactivated_at = null where id = $1`, [id]);
    await reverse(redemptionId, 'cancel');
    expect(await codeRow(id)).toMatchObject({ status: 'paused', used: 0 });
  });

  it('leaves a receipt with the counters around it', async () => {
    const { id } = await someCode(harness, bonus);
    const answers = await admit([conversion(id), conversion(id)]);
    const redemptionIds = answers.flatMap((answer) =>
      'redemptions' in answer ? answer.redemptions.map(({ redemptionId }) => redemptionId) : [],
    );
    await harness.get(Transactions).run((tx) =>
      harness.get(ReverseRedemptions).execute(
        tx,
        redemptionIds.map((redemptionId) => ({ redemptionId, reason: 'refund', revenueMinor: 0, cause: null })),
      ),
    );
    const receipts = await harness.query(
      `select used_before, used_after, given_before, given_after, reason from decision_receipt
       where code_id = $1 and stage = 'reverse' order by used_before desc`,
      [id],
    );
    expect(receipts).toEqual([
      { used_before: 2, used_after: 1, given_before: 1_000, given_after: 500, reason: 'refund' },
      { used_before: 1, used_after: 0, given_before: 500, given_after: 0, reason: 'refund' },
    ]);
  });
});

describe('a code that counts on application', () => {
  const counting = { ...bonus, counts_on: 'apply', max_uses: 1 };

  const taking = (id: string): RedemptionRequest =>
    conversion(id, { stage: 'apply', offerId: null, amountMinor: null, currency: null, conversionId: null });

  it('holds a slot for the person who applied it, and their first conversion redeems it', async () => {
    const { id } = await someCode(harness, counting);
    const personId = newId();
    const [taken, refused] = await admit([{ ...taking(id), personId }, taking(id)]);
    const redeemsHold = (taken && 'redemptions' in taken && taken.redemptions[0]?.redemptionId) as string;
    expect(refused).toMatchObject({ refusal: { code: 'PROMO_CODE_USED_UP' } });
    expect(await codeRow(id)).toMatchObject({ used: 0, held: 1, status: 'active' });

    const [first, second] = await admit([
      conversion(id, { personId, redeemsHold }),
      conversion(id, { personId, redeemsHold }),
    ]);
    expect(first).toMatchObject({ redemptions: [{ redemptionId: redeemsHold, benefitMinor: 500 }] });
    expect(second).toMatchObject({ refusal: { code: 'PROMO_CODE_USED_UP' } });
    expect(await codeRow(id)).toMatchObject({ used: 1, held: 0, status: 'expired', given_minor: 500 });
    expect(await deactivations(id)).toHaveLength(1);
    expect(await violations(harness)).toEqual([]);
  });

  it('is redeemed although it was paused since', async () => {
    const { id } = await someCode(harness, { ...counting, max_uses: 2 });
    const personId = newId();
    const [taken] = await admit([{ ...taking(id), personId }]);
    const redeemsHold = (taken && 'redemptions' in taken && taken.redemptions[0]?.redemptionId) as string;
    await harness.query(`update promo_code set status = 'paused', version = version + 1 where id = $1`, [id]);
    expect(codesOf(await admit([conversion(id)]))).toEqual(['PROMO_CODE_NOT_ACTIVE']);
    expect(await admit([conversion(id, { personId, redeemsHold })])).toMatchObject([
      { redemptions: [{ redemptionId: redeemsHold }] },
    ]);
  });
});

describe('a code that counts on conversion', () => {
  it('takes no slot when a person applies it, and is refused when no slot is left', async () => {
    const { id } = await someCode(harness, { ...bonus, max_uses: 1 });
    const request: RedemptionRequest = {
      ...conversion(id),
      stage: 'apply',
      offerId: null,
      amountMinor: null,
      currency: null,
    };
    expect(await admit([{ ...request, conversionId: null }])).toEqual([{ redemptions: [], repeated: false }]);
    expect(await codeRow(id)).toMatchObject({ used: 0, held: 0 });
    await admit([conversion(id)]);
    expect(codesOf(await admit([{ ...request, conversionId: null }]))).toEqual(['PROMO_CODE_USED_UP']);
  });
});

it('only the first redemption of a code changes an index, so that counting stays on its page', async () => {
  const { id } = await someCode(harness, { ...bonus, max_uses: 10 });
  const counted = async (tx: Tx) => {
    const [row] = await tx.query<{ updated: number; on_page: number }>(
      `select pg_stat_get_xact_tuples_updated(oid) as updated, pg_stat_get_xact_tuples_hot_updated(oid) as on_page
       from pg_class where oid = 'promo_code'::regclass`,
    );
    return row as NonNullable<typeof row>;
  };
  const redeem = () =>
    harness.get(Transactions).run(async (tx) => {
      const before = await counted(tx);
      await harness.get(AdmitRedemptions).execute(tx, [conversion(id)]);
      const after = await counted(tx);
      return { updated: after.updated - before.updated, onPage: after.on_page - before.on_page };
    });
  expect(await redeem()).toEqual({ updated: 1, onPage: 0 });
  expect(await redeem()).toEqual({ updated: 1, onPage: 1 });
});
