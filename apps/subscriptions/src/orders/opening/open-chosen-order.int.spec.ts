import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ruleBody } from '#contracts/subscriptions/rules.js';
import { command } from '../../../../../test/support/messages/messages.js';
import { answerOf, refusalOf } from '../../../../../test/support/messages/replies.js';
import { SubscriptionsHarness } from '../../../test/harness.js';
import { ReadClasses } from '../../classes/read-classes.js';
import { InstallBuiltInTypes } from '../../parameter-types/install-built-in-types.js';
import { loyaltyExpressionSample } from '../../rules/domain/methods/samples/expression-samples.js';
import { payWhatYouWantSample } from '../../rules/domain/methods/samples/plain-samples.js';
import { recurringSample } from '../../rules/domain/methods/samples/recurring-sample.js';
import type { Sample } from '../../rules/domain/methods/samples/sample.js';
import { PublishRule } from '../../rules/publish-rule.js';
import { OpenOrder } from './open-order.js';

let harness: SubscriptionsHarness;

beforeAll(async () => {
  harness = await SubscriptionsHarness.open();
  await harness.get(InstallBuiltInTypes).onModuleInit();
});
afterAll(() => harness[Symbol.asyncDispose]());

/** A class of the rule of a sample. */
async function classOf(sample: Sample, parameters: Record<string, unknown>, terms = {}): Promise<string> {
  const [reply] = await harness.get(PublishRule).execute([command(ruleBody.parse(sample))]);
  return (await harness.class(answerOf(reply), { parameters, ...terms })).class_id;
}

const open = (requests: object[]) =>
  harness
    .get(OpenOrder)
    .execute(requests.map((request) => command(request as { person_id: string; class_id: string })));
const quote = (request: { class_id: string; person_id?: string; chosen_amount_minor?: number }) =>
  harness.get(ReadClasses).quote(request);

describe('an order whose amount the person chooses', () => {
  const parameters = { minimum: 1_000, suggestion: 4_900 };

  it('costs it, keeps it and explains it; orders of one set choose each for itself', async () => {
    const class_id = await classOf(payWhatYouWantSample, parameters);
    const [first, second, third] = (await harness.persons(3, 'choosing')) as [string, string, string];
    const replies = await open([
      { person_id: first, class_id, chosen_amount_minor: 1_000, amount_minor: 1_000 },
      { person_id: second, class_id },
      { person_id: third, class_id, chosen_amount_minor: 999 },
    ]);
    const [chosen, suggested] = replies.slice(0, 2).map(answerOf);
    expect(chosen).toMatchObject({ amount_minor: 1_000, parameters: { ...parameters, chosen_amount_minor: 1_000 } });
    expect(chosen?.explanation).toMatch(/^It costs the chosen 10\.00 EUR; any amount from 10\.00 EUR may be chosen\./);
    expect(suggested).toMatchObject({ amount_minor: 4_900, parameters });
    expect(replies.slice(2).map(refusalOf)).toEqual(['CHOSEN_AMOUNT_OUT_OF_RANGE']);
    expect(await harness.order(chosen?.order_id ?? '')).toEqual(chosen);
  });

  it('is quoted first', async () => {
    const class_id = await classOf(payWhatYouWantSample, parameters);
    expect(await quote({ class_id, chosen_amount_minor: 5_000 })).toMatchObject({
      amount_minor: 5_000,
      choosable_amount: { minimum_minor: 1_000, suggestion_minor: 4_900, maximum_minor: null },
    });
    await expect(quote({ class_id, chosen_amount_minor: 1 })).rejects.toMatchObject({
      code: 'CHOSEN_AMOUNT_OUT_OF_RANGE',
    });
  });

  it('is refused by every other method', async () => {
    const { class_id } = await harness.class(await harness.freeRule(), { parameters: {} });
    const replies = await open([{ person_id: await harness.person('generous'), class_id, chosen_amount_minor: 100 }]);
    expect(replies.map(refusalOf)).toEqual(['AMOUNT_NOT_CHOOSABLE']);
  });
});

describe('an order whose price depends on the person', () => {
  it('costs what is quoted for the person', async () => {
    const parameters = { price: 10_000, percent_off: 10, student_price: 2_000, university: 'example.org' };
    const class_id = await classOf(loyaltyExpressionSample, parameters);
    const [fresh, student] = (await harness.persons(2, 'priced')) as [string, string];
    await harness.query(`update persons set email_verified = true where id = $1`, [student]);
    expect((await quote({ class_id })).amount_minor).toBe(10_000);
    expect((await quote({ class_id, person_id: student })).amount_minor).toBe(2_000);
    const replies = await open([fresh, student].map((person_id) => ({ person_id, class_id })));
    expect(replies.map((reply) => answerOf(reply).amount_minor)).toEqual([10_000, 2_000]);
  });
});

describe('a class with later periods', () => {
  it('quotes them too', async () => {
    const class_id = await classOf(recurringSample, { price: 4_900, unit: 'month', periods: 3 });
    const { later_periods: later, more_periods: more } = await quote({ class_id });
    expect(later.map(({ period, start_date, amount_minor }) => [period, start_date, amount_minor])).toEqual([
      [1, '2026-04-02', 4_900],
      [2, '2026-05-02', 4_900],
    ]);
    expect(more).toBe(false);
    const open_end = await classOf(recurringSample, { price: 4_900, unit: 'month' });
    const shown = await quote({ class_id: open_end });
    expect([shown.later_periods.length, shown.more_periods]).toEqual([12, true]);
  });
});
