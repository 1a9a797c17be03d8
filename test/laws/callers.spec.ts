import { describe, expect, it } from '@jest/globals';
import { requests } from '#contracts/catalogue.js';
import { isSpec, type SourceTree, sourceTree } from './source-tree.js';

/** Every `rpc.request(contract, …)` of an app whose contract does not name the app among its callers. */
function foreignRequests(tree: SourceTree): string[] {
  return [...tree].flatMap(([path, text]) => {
    const app = path.split('/')[1] as string;
    return [...text.matchAll(/\brpc\.request\(\s*(\w+)/g)].flatMap(([, name]) => {
      const type = typeOf(name as string);
      const contract = requests.find((one) => one.type.split('.')[1] === type);
      const callers: readonly string[] = contract?.callers ?? ['gateway'];
      return contract && callers.includes(app) ? [] : [`${path}: ${name}`];
    });
  });
}

/** `promotions.validate-codes.v1` is exported as `validateCodes`. */
const typeOf = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

describe('a service', () => {
  it('sends only requests that name it among their callers', () => {
    const tree = sourceTree('apps/{subscriptions,payments,promotions,notifications,ops}/src/**/*.ts');
    const sources = new Map([...tree].filter(([path]) => !isSpec(path)));
    expect([...sources.values()].some((text) => text.includes('rpc.request('))).toBe(true);
    expect(foreignRequests(sources)).toEqual([]);
  });

  it('is found by this law when it sends another one', () => {
    const planted = new Map([['apps/payments/src/planted.ts', 'await this.rpc.request(validateCodes, {});']]);
    expect(foreignRequests(planted)).toEqual(['apps/payments/src/planted.ts: validateCodes']);
  });
});
