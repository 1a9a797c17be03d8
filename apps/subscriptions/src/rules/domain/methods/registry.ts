import { type Check, compileSchema } from '../../../parameter-types/domain/parameter-schema.js';
import { free } from './free.js';
import type { Method } from './method.js';
import { singlePayment } from './single-payment.js';

/** Every method that a rule can name, by name. */
export const allMethods: readonly Method[] = [free, singlePayment];

const byName = new Map(allMethods.map((method) => [method.name, method]));
const checks = new Map(allMethods.map(({ name, needs }) => [name, new Map(Object.entries(needs).map(checkOf))]));

/** The names of all methods. */
export const methodNames: readonly string[] = [...byName.keys()];

/** The method with this name, if there is one. */
export function methodNamed(name: string): Method | undefined {
  return byName.get(name);
}

/** What the method needs in words, if it needs something of this parameter that the value is not; else null. */
export function unmetNeed({ name, needs }: Method, parameter: string, value: unknown): string | null {
  const faults = checks.get(name)?.get(parameter)?.(value) ?? [];
  return faults.length === 0 ? null : `the method ${name} needs ${needs[parameter]?.requirement}`;
}

function checkOf([parameter, { schema }]: [string, Method['needs'][string]]): [string, Check] {
  return [parameter, compileSchema(schema)];
}
