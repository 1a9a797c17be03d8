import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { register } from 'prom-client';
import { promoCodeDeactivated } from '#contracts/promotions/promo-redemptions.js';
import { command } from '../../../../../test/support/messages/messages.js';
import { answerOf } from '../../../../../test/support/messages/replies.js';
import { OutsideSystem } from '../../../test/outside-system.js';
import { PromotionsHarness } from '../../../test/promotions-harness.js';
import { someCode } from '../../../test/some-code.js';
import { ChangeCode } from '../change-code.js';
import { AnnounceDeactivations } from './announce-deactivations.js';

let harness: PromotionsHarness;
let second: PromotionsHarness;
let desk: OutsideSystem;

beforeAll(async () => {
  harness = await PromotionsHarness.open();
  second = await PromotionsHarness.open(harness);
  desk = await OutsideSystem.open(harness);
});
afterAll(async () => {
  await second[Symbol.asyncDispose]();
  await harness[Symbol.asyncDispose]();
});

const usedUp = async () => {
  const code = await someCode(harness, { kind: 'bonus', max_uses: 1 });
  const conversion = desk.conversion(await desk.personWith(code.id));
  await desk.record(conversion);
  return { ...code, conversion };
};
const announce = (instance = harness) => instance.get(AnnounceDeactivations).execute();
const counted = async () =>
  (await register.getSingleMetric('matricula_promo_codes_deactivated_total')?.get())?.values[0]?.value ?? 0;
const stateOf = async (codeId: string) => {
  const [row] = await harness.query<{ status: string; announced: boolean }>(
    `select status, deactivation_announced_at is not null as announced from promo_code where id = $1`,
    [codeId],
  );
  return row;
};

it('a code that is used up is announced once by all instances together', async () => {
  const codes = await Promise.all([usedUp(), usedUp(), usedUp()]);
  const before = await counted();
  const announced = await Promise.all([announce(), announce(second), announce()]);
  expect(announced.reduce((sum, count) => sum + count)).toBe(3);
  expect(await announce()).toBe(0);
  expect((await counted()) - before).toBe(3);
  for (const { id } of codes) expect(await stateOf(id)).toEqual({ status: 'expired', announced: true });
});

it('with or without the announcement, the code is deactivated and the event is published', async () => {
  const { id } = await usedUp();
  const [outcome] = await desk.record(desk.conversion(await desk.personWith(id)));
  expect(outcome?.refusals.map(({ reason }) => reason)).toEqual(['PROMO_CODE_USED_UP']);
  expect((await harness.published(promoCodeDeactivated.type)).map(({ subject }) => subject)).toContain(id);
  expect(await stateOf(id)).toEqual({ status: 'expired', announced: false });
  await announce();
});

it('a code that was reactivated and is used up again is announced again', async () => {
  const { id, conversion } = await usedUp();
  expect(await announce()).toBe(1);
  await desk.reverse(conversion.conversion_id);
  expect(await stateOf(id)).toEqual({ status: 'active', announced: false });
  expect(await announce()).toBe(0);
  await desk.record(desk.conversion(await desk.personWith(id)));
  expect(await announce()).toBe(1);
});

describe('a code that was announced and whose limit was raised', () => {
  const change = async (codeId: string, max_uses: number) => {
    const asked = command({ code_id: codeId, changed_by: 'meera', max_uses });
    return answerOf((await harness.get(ChangeCode).execute([asked]))[0]);
  };
  const reopened = async () => {
    const { id } = await usedUp();
    expect(await announce()).toBe(1);
    expect(await change(id, 2)).toMatchObject({ status: 'active', auto_deactivated_at: null });
    expect(await stateOf(id)).toEqual({ status: 'active', announced: false });
    return id;
  };

  it('is announced again when its new last use is taken', async () => {
    const id = await reopened();
    await desk.record(desk.conversion(await desk.personWith(id)));
    expect(await stateOf(id)).toEqual({ status: 'expired', announced: false });
    expect(await announce()).toBe(1);
  });

  it('is announced again when the limit is lowered to its uses', async () => {
    const id = await reopened();
    await change(id, 1);
    expect(await stateOf(id)).toEqual({ status: 'expired', announced: false });
    expect(await announce()).toBe(1);
  });

  it('is announced again although the row has the time of an earlier announcement', async () => {
    const id = await reopened();
    await harness.query('update promo_code set deactivation_announced_at = now() where id = $1', [id]);
    await desk.record(desk.conversion(await desk.personWith(id)));
    expect(await announce()).toBe(1);
  });
});

it('a change that keeps the deactivation is not announced', async () => {
  const { id } = await usedUp();
  expect(await announce()).toBe(1);
  const [reply] = await harness
    .get(ChangeCode)
    .execute([command({ code_id: id, changed_by: 'meera', title: 'Used up' })]);
  expect(answerOf(reply)).toMatchObject({ status: 'expired', title: 'Used up' });
  expect(await stateOf(id)).toEqual({ status: 'expired', announced: true });
  expect(await announce()).toBe(0);
});
