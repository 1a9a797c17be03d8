import { describe, expect, it } from '@jest/globals';
import { ruleBody } from '#contracts/subscriptions/rules.js';
import { builtInTypes } from '../../../../parameter-types/domain/built-in-types.js';
import { type Checks, compileSchema } from '../../../../parameter-types/domain/parameter-schema.js';
import { exampleOf } from '../../../rule-view.js';
import { runExample } from '../../golden-examples.js';
import { checkPublishable, withKinds } from '../../publishing.js';
import type { ParameterTemplate } from '../../rule.js';
import { allMethods, usedBy } from '../registry.js';
import { samples } from './samples.js';

const checks: Checks = new Map(builtInTypes.map(({ name, schema }) => [name, compileSchema(schema)]));

const rules = samples.map((sample) => {
  const { title, method, parameters, examples } = ruleBody.parse(sample);
  const rule = { method, template: parameters as ParameterTemplate[], examples: examples.map(exampleOf) };
  return [title, withKinds(rule, checks)] as const;
});

describe('the samples of rules', () => {
  it('are of every method, each with a golden example', () => {
    expect(new Set(rules.map(([, { method }]) => method))).toEqual(new Set(allMethods.map(({ name }) => name)));
    expect(rules.filter(([, { examples }]) => examples.length === 0)).toEqual([]);
  });

  it('show every parameter that a method uses', () => {
    for (const method of allMethods) {
      const shown = rules.flatMap(([, rule]) => (rule.method === method.name ? rule.template : []));
      const missing = Object.keys(usedBy(method)).filter((name) => !shown.some((parameter) => parameter.name === name));
      expect([method.name, missing]).toEqual([method.name, []]);
    }
  });

  it.each(rules)('%s can be published', (_, rule) => {
    expect(() => checkPublishable(rule, checks)).not.toThrow();
  });

  it.each(
    rules.flatMap(([title, rule]) => rule.examples.map((example) => [title, example.title, rule, example] as const)),
  )('%s: %s', (_title, _example, rule, example) => {
    expect(runExample(rule, example, checks)).toMatchObject({ outcome: { trace: expect.any(Array) }, differences: [] });
  });
});
