import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { rulePreviewBody } from '#contracts/subscriptions/rule-previews.js';
import { newId } from '#kernel/ids.js';
import { Refusal } from '#kernel/refusal.js';
import { command } from '../../../../test/support/messages/messages.js';
import { answerOf } from '../../../../test/support/messages/replies.js';
import { SubscriptionsHarness } from '../../test/harness.js';
import { PreviewRule } from './preview-rule.js';
import { PublishRule } from './publish-rule.js';

let harness: SubscriptionsHarness;

beforeAll(async () => {
  harness = await SubscriptionsHarness.open();
  await harness.singlePaymentRule();
});
afterAll(() => harness[Symbol.asyncDispose]());

const preview = (body: object) => harness.get(PreviewRule).execute(rulePreviewBody.parse(body));

const draft = { method: 'single_payment', parameters: [{ name: 'price', type: 'amount' }] };
const place = { time_zone: 'Europe/Berlin', currency: 'EUR', class_start: null, class_end: '2026-06-30' };
const inputs = { parameters: { price: 1_500 }, ordered_at: '2026-03-02T23:30:00Z', ...place };
const quote = {
  amount_minor: 1_500,
  currency: 'EUR',
  start_date: '2026-03-03',
  end_date: '2026-06-30',
  explanation:
    'It costs 15.00 EUR, paid once. It starts on the day of the order in Europe/Berlin, 2026-03-03. ' +
    'It ends with the class, on 2026-06-30, that day included.',
  trace: [
    { step: 'amount', explanation: 'It costs 15.00 EUR, paid once.' },
    { step: 'start', explanation: 'It starts on the day of the order in Europe/Berlin, 2026-03-03.' },
    { step: 'end', explanation: 'It ends with the class, on 2026-06-30, that day included.' },
  ],
  ordered_at: '2026-03-02T23:30:00Z',
  periods: [],
  more_periods: false,
};
const expecting = (amount: number) => ({ amount_minor: amount, start_date: '2026-03-03', end_date: '2026-06-30' });
const right = { title: 'right', ...inputs, expect: expecting(1_500) };

/** How many rows each table has, and which transactions wrote them. */
async function rows(): Promise<unknown> {
  const tables = await harness.query<{ name: string }>(
    'select tablename as name from pg_tables where schemaname = current_schema() order by 1',
  );
  const counts = tables.map(
    ({ name }) => `select '${name}' as name, count(*)::int, sum(xmin::text::bigint) from "${name}"`,
  );
  return harness.query(counts.join(' union all '));
}

describe('a preview', () => {
  it('quotes a rule that is not published, as an order at that instant would cost', async () => {
    expect(await preview({ ...draft, inputs })).toEqual({ quote, refusals: [], examples: [] });
  });

  it('quotes an order of now, where no instant is given', async () => {
    const { ordered_at: _, ...now } = inputs;
    expect(await preview({ ...draft, inputs: now })).toMatchObject({ quote: { ordered_at: '2026-03-02T09:00:00Z' } });
  });

  it('quotes a published rule, in its newest or a given version, with its examples', async () => {
    const publish = async (body: object) => {
      const base = { title: 'Course', description: '', ...draft, examples: [] };
      const parameters = [{ ...draft.parameters[0], name: 'price', type: 'amount', required: true }];
      const [reply] = await harness.get(PublishRule).execute([command({ ...base, parameters, ...body })]);
      return answerOf(reply);
    };
    const { rule_id } = await publish({ examples: [right] });
    await publish({ rule_id, method: 'free', parameters: [] });
    const first = await preview({ rule_id, version: 1, inputs });
    expect(first).toMatchObject({ quote, examples: [{ title: 'right', holds: true }] });
    expect(await preview({ rule_id, inputs: { ...inputs, parameters: {} } })).toMatchObject({
      quote: { amount_minor: 0 },
      examples: [],
    });
  });

  it('runs each golden example by itself', async () => {
    const wrong = { ...right, title: 'wrong', expect: { ...expecting(1_499), end_date: null } };
    const unfit = { ...right, title: 'unfit', parameters: { price: -1 } };
    const ended = { ...right, title: 'ended', ordered_at: '2026-07-01T09:00:00Z' };
    const { examples } = await preview({ ...draft, examples: [wrong, right, unfit, ended] });
    expect(examples).toEqual([
      {
        title: 'wrong',
        holds: false,
        quote,
        refusal: null,
        differences: [
          { field: '/expect/amount_minor', code: 'EXAMPLE_DIFFERS', message: 'amount_minor is 1500 and not 1499' },
          { field: '/expect/end_date', code: 'EXAMPLE_DIFFERS', message: 'end_date is 2026-06-30 and not null' },
        ],
      },
      { title: 'right', holds: true, quote, refusal: null, differences: [] },
      {
        title: 'unfit',
        holds: false,
        quote: null,
        refusal: { field: '/parameters/price', code: 'PARAMETER_INVALID', message: expect.any(String) },
        differences: [],
      },
      {
        title: 'ended',
        holds: false,
        quote: null,
        refusal: { field: '', code: 'CLASS_ENDED', message: 'The class ended on 2026-06-30.' },
        differences: [],
      },
    ]);
  });

  it.each<[object, [string, string][]]>([
    [
      { parameters: { price: -1, prize: 2 } },
      [
        ['/inputs/parameters/prize', 'PARAMETER_UNKNOWN'],
        ['/inputs/parameters/price', 'PARAMETER_INVALID'],
      ],
    ],
    [{ parameters: {} }, [['/inputs/parameters/price', 'PARAMETER_MISSING']]],
    [{ time_zone: 'IST' }, [['/inputs/time_zone', 'TIME_ZONE_UNKNOWN']]],
    [{ currency: 'ABC' }, [['/inputs/currency', 'CURRENCY_UNKNOWN']]],
    [{ class_start: '2026-07-01' }, [['/inputs/class_end', 'DATES_REVERSED']]],
    [{ ordered_at: '2026-07-01T09:00:00Z' }, [['/inputs', 'CLASS_ENDED']]],
  ])('of %j says why there is no quote, and still runs the examples', async (change, errors) => {
    const answer = await preview({ ...draft, examples: [right], inputs: { ...inputs, ...change } });
    expect(answer.quote).toBeNull();
    expect(answer.refusals.map(({ field, code }) => [field, code])).toEqual(errors);
    expect(answer.examples).toMatchObject([{ holds: true }]);
  });

  it.each<[object, string, unknown]>([
    [{ method: 'monthly' }, 'METHOD_UNKNOWN', 'method'],
    [{ ...draft, parameters: [] }, 'PARAMETER_TEMPLATE_INVALID', 'parameters'],
    [{ ...draft, parameters: [{ name: 'price', type: 'no' }] }, 'PARAMETER_TYPE_UNKNOWN', 'parameters.0.type'],
    [{ rule_id: newId() }, 'RULE_NOT_FOUND', 'rule_id'],
  ])('of %j is refused with %s', async (body, code, field) => {
    const refusal = await preview({ ...body, inputs }).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(Refusal);
    expect(refusal).toMatchObject({ code, details: { field } });
  });

  it('writes nothing', async () => {
    const before = await rows();
    await preview({ ...draft, examples: [right], inputs });
    await preview({ rule_id: (await harness.singlePaymentRule()).rule_id, inputs });
    await preview({ method: 'monthly' }).catch(() => undefined);
    expect(await rows()).toEqual(before);
  });
});
