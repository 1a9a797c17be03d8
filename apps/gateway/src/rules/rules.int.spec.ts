import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { changeParameterType, checkParameterType, getParameterType } from '#contracts/subscriptions/parameter-types.js';
import { listMethods, previewRule } from '#contracts/subscriptions/rule-previews.js';
import { newId } from '#kernel/ids.js';
import { Refusal } from '#kernel/refusal.js';
import { GatewayEnvironment } from '../../../../test/support/services/gateway-environment.js';
import type { ApiClient } from '../../../../test/support/stack/api-client.js';
import { examples } from '../documents/examples.js';

let environment: GatewayEnvironment;
let admin: ApiClient;
let requested: unknown[];

beforeAll(async () => {
  environment = await GatewayEnvironment.create();
  admin = await environment.client(await environment.gateway(), { role: 'admin', sub: 'ravi' });
});
beforeEach(async () => {
  await environment.reset();
  requested = [];
  const answering = (answer: unknown) => (request: unknown) => {
    requested.push(request);
    return answer as never;
  };
  environment.on(listMethods, answering(examples.SubscriptionMethods));
  environment.on(previewRule, answering(examples.RulePreview));
  environment.on(checkParameterType, answering(examples.ParameterTypeCheck));
  environment.on(getParameterType, answering(examples.ParameterType));
  environment.on(changeParameterType, answering(examples.ParameterType));
});
afterAll(() => environment.close());

const draft = { method: 'free', parameters: [], examples: [] };

describe('reads and previews of rules', () => {
  it('are requests that change nothing', async () => {
    const answers = await Promise.all([
      admin.get('/admin/subscription-methods'),
      admin.get('/admin/parameter-types/amount_minor'),
      admin.post('/admin/parameter-types/check', examples.ParameterTypeCheckBody as object),
      admin.post('/admin/subscription-rules/preview', examples.RulePreviewBody as object),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(answers.map(({ body }) => body)).toEqual([
      examples.SubscriptionMethods,
      examples.ParameterType,
      examples.ParameterTypeCheck,
      examples.RulePreview,
    ]);
    expect(environment.done).toEqual([]);
  });

  it('distinguish a value of null from no value', async () => {
    await admin.post('/admin/parameter-types/check', { schema: {}, value: null });
    await admin.post('/admin/parameter-types/check', { schema: {} });
    expect(requested).toEqual([{ schema: {}, value: null }, { schema: {} }]);
  });

  it.each<[string, string, object, string]>([
    ['a rule and a draft', 'subscription-rules/preview', { ...draft, rule_id: newId() }, '/method'],
    ['neither a rule nor a draft', 'subscription-rules/preview', {}, '/method'],
    ['a version of no rule', 'subscription-rules/preview', { ...draft, version: 1 }, '/version'],
    [
      'inputs without a zone',
      'subscription-rules/preview',
      { ...draft, inputs: { currency: 'EUR' } },
      '/inputs/time_zone',
    ],
    ['unknown members', 'subscription-rules/preview', { ...draft, save: true }, '/save'],
    ['no schema', 'parameter-types/check', { value: 1 }, '/schema'],
    ['a schema that is no object', 'parameter-types/check', { schema: true }, '/schema'],
  ])('with %s are refused', async (_, path, body, field) => {
    const answer = await admin.post(`/admin/${path}`, body);
    expect(answer).toMatchObject({ status: 400, body: { code: 'INVALID_INPUT', field } });
    expect(requested).toEqual([]);
  });
});

describe('the presentation of a parameter type', () => {
  const patch = (body: object) => admin.patch('/admin/parameter-types/amount_minor', body);

  it('is changed by the version that was seen', async () => {
    expect(await patch({ version: 1, ui_schema: {} })).toMatchObject({ status: 200, body: { version: 2 } });
    expect(requested).toEqual([{ name: 'amount_minor', version: 1, ui_schema: {} }]);
  });

  it.each<[object, string]>([
    [{ ui_schema: {} }, '/version'],
    [{ version: 1 }, '/ui_schema'],
    [{ version: 1, ui_schema: {}, schema: {} }, '/schema'],
    [{ version: 1, ui_schema: {}, name: 'other' }, '/name'],
  ])('is not changed by %j', async (body, field) => {
    expect(await patch(body)).toMatchObject({ status: 400, body: { code: 'INVALID_INPUT', field } });
  });

  it('that changed meanwhile is a conflict', async () => {
    environment.on(changeParameterType, () => {
      throw new Refusal('PARAMETER_TYPE_CHANGED', 'It was changed.', { field: 'version', newest: 3 });
    });
    const answer = await patch({ version: 1, ui_schema: {} });
    expect(answer).toMatchObject({ status: 409, body: { field: '/version', details: { newest: 3 } } });
  });

  it.each(['nothing', '%E2%80%8B', 'x'.repeat(200)])('of %s is not found', async (name) => {
    environment.on(getParameterType, () => {
      throw new Refusal('PARAMETER_TYPE_NOT_FOUND', 'There is no such parameter type.', { field: 'name' });
    });
    expect((await admin.get(`/admin/parameter-types/${name}`)).status).toBe(404);
  });
});
