import { free } from './free.js';
import type { Method } from './method.js';
import { singlePayment } from './single-payment.js';

const methods = new Map<string, Method>([free, singlePayment].map((method) => [method.name, method]));

/** Every method that a rule can name. */
export const methodNames: readonly string[] = [...methods.keys()];

/** The method with this name, if there is one. */
export function methodNamed(name: string): Method | undefined {
  return methods.get(name);
}
