import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Refusal } from '#kernel/refusal.js';
import { command } from '../../../../test/support/messages/messages.js';
import { answerOf, refusalOf } from '../../../../test/support/messages/replies.js';
import { SubscriptionsHarness } from '../../test/harness.js';
import { ChangeParameterType } from './change-parameter-type.js';
import { checkOf } from './check-parameter-type.js';
import { ParameterTypesStore } from './parameter-types.store.js';
import { SaveParameterType } from './save-parameter-type.js';

let harness: SubscriptionsHarness;

beforeAll(async () => {
  harness = await SubscriptionsHarness.open();
});
afterAll(() => harness[Symbol.asyncDispose]());

const schema = { type: 'string', enum: ['mon', 'tue'] };
const save = (name: string, more: object = {}) =>
  harness.get(SaveParameterType).execute([command({ name, schema, ui_schema: { 'ui:title': 'Dya' }, ...more })]);
const changing = (name: string, version: number, title = 'Day') =>
  command({ name, version, ui_schema: { 'ui:title': title } });
const change = (...commands: ReturnType<typeof changing>[]) => harness.get(ChangeParameterType).execute(commands);

describe('the presentation of a parameter type', () => {
  it('changes, and the schema does not', async () => {
    await save('day');
    const [reply] = await change(changing('day', 1));
    const changed = {
      name: 'day',
      schema,
      ui_schema: { 'ui:title': 'Day' },
      version: 2,
      saved_at: '2026-03-02T09:00:00Z',
      changed_at: '2026-03-02T09:00:00Z',
    };
    expect(answerOf(reply)).toEqual(changed);
    expect(await harness.get(ParameterTypesStore).get('day')).toMatchObject({ schema, version: 2 });
  });

  it('changes once when the command comes twice', async () => {
    await save('repeated');
    const twice = changing('repeated', 1);
    const replies = [...(await change(twice, twice)), ...(await change(twice))];
    expect(replies.map((reply) => answerOf(reply).version)).toEqual([2, 2, 2]);
  });

  it('is changed by one of two admins who saw the same version', async () => {
    await save('shared');
    const replies = (await Promise.all(['A', 'B'].map((title) => change(changing('shared', 1, title))))).flat();
    const refused = replies.flatMap((reply) => ('refusal' in reply ? [reply.refusal] : []));
    expect(refused).toEqual([
      expect.objectContaining({ code: 'PARAMETER_TYPE_CHANGED', details: { field: 'version', newest: 2 } }),
    ]);
    expect(await harness.get(ParameterTypesStore).get('shared')).toMatchObject({ version: 2 });
  });

  it('is refused for a type that does not exist, and when it is too large', async () => {
    expect((await change(changing('nothing', 1))).map(refusalOf)).toEqual(['PARAMETER_TYPE_NOT_FOUND']);
    await expect(harness.get(ParameterTypesStore).get('nothing')).rejects.toThrow(Refusal);
    await save('far');
    expect((await change(changing('far', 2_147_483_647))).map(refusalOf)).toEqual(['PARAMETER_TYPE_CHANGED']);
    await save('large');
    const [reply] = await change(changing('large', 1, 'x'.repeat(1_001)));
    expect(reply).toEqual({
      refusal: expect.objectContaining({ code: 'SCHEMA_INVALID', details: { field: 'ui_schema' } }),
    });
    expect(await harness.get(ParameterTypesStore).get('large')).toMatchObject({ version: 1 });
  });
});

describe('a check', () => {
  it('accepts what could be saved, with a value that fits', () => {
    expect(checkOf({ schema })).toEqual({ accepted: true, errors: [] });
    expect(checkOf({ schema, ui_schema: {}, value: 'mon' })).toEqual({ accepted: true, errors: [] });
  });

  it('names the keyword of a broken schema, and no fault of the value then', () => {
    expect(checkOf({ schema: { properties: { day: { type: 'strin' } } }, value: 1 })).toEqual({
      accepted: false,
      errors: [{ field: '/schema/properties/day/type', code: 'SCHEMA_INVALID', message: expect.any(String) }],
    });
  });

  it('refuses a costly schema as saving does', () => {
    const costly = { anyOf: Array.from({ length: 60 }, () => ({ uniqueItems: true })) };
    const value = Array.from({ length: 998 }, (_, index) => index);
    const started = performance.now();
    expect(checkOf({ schema: costly, value }).errors).toMatchObject([{ field: '/schema/anyOf/5/uniqueItems' }]);
    expect(performance.now() - started).toBeLessThan(1_000);
  });

  it.each<[unknown, string]>([
    [{ days: ['mon', 'wed'] }, '/value/days/1'],
    [{}, '/value/days'],
    [null, '/value'],
  ])('names the member of the value %j at fault', (value, field) => {
    const days = { type: 'object', properties: { days: { type: 'array', items: schema } }, required: ['days'] };
    expect(checkOf({ schema: days, value }).errors).toMatchObject([{ field, code: 'VALUE_INVALID' }]);
  });

  it('names hints that are too large beside a broken schema', () => {
    const broken = { schema: { type: 'x' }, ui_schema: { 'ui:title': 'x'.repeat(1_001) } };
    expect(checkOf(broken).errors.map(({ field }) => field)).toEqual(['/schema/type', '/ui_schema']);
  });
});
