import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { command } from '../../../../test/support/messages/messages.js';
import { answerOf, refusalOf } from '../../../../test/support/messages/replies.js';
import { SubscriptionsHarness } from '../../test/harness.js';
import { builtInTypes } from './domain/built-in-types.js';
import { acceptedSchema, checkPresentation } from './domain/parameter-schema.js';
import { InstallBuiltInTypes } from './install-built-in-types.js';
import { ParameterTypesStore } from './parameter-types.store.js';
import { SaveParameterType } from './save-parameter-type.js';

let harness: SubscriptionsHarness;

beforeAll(async () => {
  harness = await SubscriptionsHarness.open();
});
afterAll(() => harness[Symbol.asyncDispose]());

const all = async () => (await harness.get(ParameterTypesStore).list({ page: 1, limit: 100 })).items;

describe('the built-in parameter types', () => {
  it('are in every installation, once, by any number of instances', async () => {
    await using other = await SubscriptionsHarness.open(harness);
    await Promise.all([harness, other, harness].map((one) => one.get(InstallBuiltInTypes).execute()));
    const names = builtInTypes.map(({ name }) => name).sort();
    expect((await all()).map(({ name }) => name)).toEqual(names);
  });

  it('leave a type of a user as it is', async () => {
    await harness.query(`delete from parameter_types where name = 'money'`);
    const schema = { type: 'integer', minimum: 100 };
    const save = () => harness.get(SaveParameterType).execute([command({ name: 'money', schema, ui_schema: {} })]);
    expect(answerOf((await save())[0])).toMatchObject({ schema });
    await harness.get(InstallBuiltInTypes).execute();
    expect((await all()).find(({ name }) => name === 'money')).toMatchObject({ schema, version: 1 });
    expect((await save()).map(refusalOf)).toEqual(['PARAMETER_TYPE_EXISTS']);
  });

  it.each(builtInTypes.map((type) => [type.name, type] as const))('%s keeps the bounds of all types', (_, type) => {
    expect(() => acceptedSchema(type.schema)).not.toThrow();
    expect(() => checkPresentation(type.uiSchema)).not.toThrow();
  });

  it.each<[string, unknown[], unknown[]]>([
    ['money', [0, 1e12], [-1, 0.5, 1e12 + 1, '1']],
    ['percentage', [0, 12.5, 100], [-0.1, 100.1, '5']],
    ['integer', [-5, 5], [0.5]],
    ['decimal', [-0.5, 3], ['3']],
    ['date', ['2028-02-29'], ['2026-02-29', '2026-2-1', 20260201]],
    ['time', ['00:00', '23:59'], ['24:00', '6:00', '06:00:00']],
    ['duration', ['P3M', 'PT1H30M', 'P1DT12H'], ['3 months', 'P', 'P1.5M']],
    ['time_zone', ['Europe/Berlin', 'Asia/Calcutta', 'UTC'], ['IST', '+05:30', 'Mars/Phobos']],
    ['boolean', [true, false], ['true', 0]],
    ['text', ['', 'two\nlines'], [1, 'x'.repeat(1_001)]],
    [
      'dated_prices',
      [[{ date: '2026-09-01', amount_minor: 1 }]],
      [[], [{ date: '2026-09-01' }], [{ date: 'x', amount_minor: 1 }], [{ date: '2026-09-01', amount_minor: 1, x: 1 }]],
    ],
    ['counted_prices', [[{ count: 1, amount_minor: 1 }]], [[{ count: 0, amount_minor: 1 }], {}]],
    ['weekdays', [[1, 7]], [[], [0], [1, 1], ['mon']]],
    ['dates', [['2026-09-01']], [['2026-09-31'], ['2026-09-01', '2026-09-01']]],
    ['dunning_steps', [[{ after_days: 3, step: 'end' }]], [[{ after_days: 3, step: 'forget' }]]],
  ])('%s accepts %j and refuses %j', (name, right, wrong) => {
    const type = builtInTypes.find((one) => one.name === name);
    const check = acceptedSchema(type?.schema ?? {});
    expect(right.map((value) => check(value).length)).toEqual(right.map(() => 0));
    expect(wrong.filter((value) => check(value).length === 0)).toEqual([]);
  });
});
