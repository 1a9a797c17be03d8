import { type Check, compileSchema } from '../../../parameter-types/domain/parameter-schema.js';
import { earlyBird } from './early-bird.js';
import { expression } from './expression/expression.js';
import { free } from './free.js';
import { group } from './group.js';
import { installments } from './installments.js';
import type { Method, Need } from './method.js';
import { payWhatYouWant } from './pay-what-you-want.js';
import { prorated } from './prorated.js';
import { recurring } from './recurring.js';
import { singlePayment } from './single-payment.js';

/** Every method that a rule can name, by name. */
export const allMethods: readonly Method[] = [
  free,
  singlePayment,
  earlyBird,
  prorated,
  installments,
  recurring,
  group,
  payWhatYouWant,
  expression,
];

const byName = new Map(allMethods.map((method) => [method.name, method]));
const checks = new Map(allMethods.map((method) => [method.name, new Map(Object.entries(usedBy(method)).map(checkOf))]));

/** The names of all methods. */
export const methodNames: readonly string[] = [...byName.keys()];

/** The method with this name, if there is one. */
export function methodNamed(name: string): Method | undefined {
  return byName.get(name);
}

/** What the method needs in words, if it needs something of this parameter that the value is not; else null. */
export function unmetNeed(method: Method, parameter: string, value: unknown): string | null {
  const faults = checks.get(method.name)?.get(parameter)?.(value) ?? [];
  return faults.length === 0 ? null : `the method ${method.name} needs ${usedBy(method)[parameter]?.requirement}`;
}

/** All parameters that the method uses, by name. */
export function usedBy({ needs, options }: Pick<Method, 'needs' | 'options'>): Readonly<Record<string, Need>> {
  return { ...needs, ...options };
}

function checkOf([parameter, { schema }]: [string, Need]): [string, Check] {
  return [parameter, compileSchema(schema)];
}
