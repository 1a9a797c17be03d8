import type * as BuiltInTypes from '../../../apps/subscriptions/src/parameter-types/domain/built-in-types.ts';
import type * as ParameterSchema from '../../../apps/subscriptions/src/parameter-types/domain/parameter-schema.ts';
import type * as Registry from '../../../apps/subscriptions/src/rules/domain/methods/registry.ts';
import type * as Samples from '../../../apps/subscriptions/src/rules/domain/methods/samples/samples.ts';
import type * as Publishing from '../../../apps/subscriptions/src/rules/domain/publishing.ts';
import type * as Rule from '../../../apps/subscriptions/src/rules/domain/rule.ts';
import type * as RuleView from '../../../apps/subscriptions/src/rules/rule-view.ts';
import type * as Rules from '../../../libs/contracts/src/subscriptions/rules.ts';
import { built } from '../built.ts';
import type { Row } from '../table.ts';

const app = 'apps/subscriptions/src';
const warmUp = 2_000;
const rounds = 2_000;
/** CPU of one quote, in milliseconds. */
const atMost = { expression: 3, other: 1 } as const;

/** The CPU that one quote takes, for the golden examples of each method: everything after the rows have been read. */
export async function measureQuotes(): Promise<Row[]> {
  const { ruleBody } = await built<typeof Rules>('libs/contracts/src/subscriptions/rules.js');
  const { samples } = await built<typeof Samples>(`${app}/rules/domain/methods/samples/samples.js`);
  const { allMethods } = await built<typeof Registry>(`${app}/rules/domain/methods/registry.js`);
  const { quoteBy } = await built<typeof Rule>(`${app}/rules/domain/rule.js`);
  const { withKinds } = await built<typeof Publishing>(`${app}/rules/domain/publishing.js`);
  const { exampleOf } = await built<typeof RuleView>(`${app}/rules/rule-view.js`);
  const { builtInTypes } = await built<typeof BuiltInTypes>(`${app}/parameter-types/domain/built-in-types.js`);
  const { compileSchema } = await built<typeof ParameterSchema>(`${app}/parameter-types/domain/parameter-schema.js`);
  const checks = new Map(builtInTypes.map(({ name, schema }) => [name, compileSchema(schema)]));
  return allMethods.map(({ name }) => {
    const quotes = samples
      .filter(({ method }) => method === name)
      .map((sample) => ruleBody.parse(sample))
      .flatMap(({ method, parameters, examples }) => {
        const rule = withKinds({ method, template: parameters }, checks);
        return examples.map(exampleOf).map(
          ({ parameters: values, offer, orderedAt, choice }) =>
            () =>
              quoteBy(rule, values, offer, orderedAt, choice),
        );
      });
    const value = millisecondsOf(quotes);
    const reference = name === 'expression' ? atMost.expression : atMost.other;
    return { group: 'quotes', row: name, value, unit: 'ms CPU', reference, ratio: value / reference, must: '<= 1 x' };
  });
}

/** The mean CPU of one call, once V8 has compiled it. */
function millisecondsOf(calls: readonly (() => unknown)[]): number {
  const run = (count: number) => {
    for (let index = 0; index < count; index += 1) calls[index % calls.length]?.();
  };
  run(warmUp);
  const before = process.cpuUsage();
  run(rounds);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000 / rounds;
}
