import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonicalJson, contentHash, idFrom, isId, newId, newIds } from './ids.js';

describe('a new id', () => {
  it('is a UUID of version 7 and grows with time', () => {
    const ids = Array.from({ length: 1_000 }, newId);
    expect(ids.every((id) => isId(id) && id[14] === '7')).toBe(true);
    expect([...ids].sort()).toEqual(ids);
    expect(new Set(ids).size).toBe(1_000);
  });
});

describe('many new ids', () => {
  it('are as many UUIDs of version 7, in order, and others each time', () => {
    const ids = [...newIds(5_000), ...newIds(5_000)];
    expect(ids.every((id) => isId(id) && id[14] === '7')).toBe(true);
    expect(new Set(ids).size).toBe(10_000);
    expect(ids.slice(0, 5_000).sort()).toEqual(ids.slice(0, 5_000));
    expect(newIds(0)).toEqual([]);
  });
});

describe('an id made of parts', () => {
  it('is the same for the same parts and another for others', () => {
    expect(idFrom('order', 'a')).toBe(idFrom('order', 'a'));
    expect(idFrom('order', 'a')).not.toBe(idFrom('order', 'b'));
    expect(idFrom('ab', 'c')).not.toBe(idFrom('a', 'bc'));
    expect(isId(idFrom('order', 'a'))).toBe(true);
  });
});

describe('a content hash', () => {
  it('does not depend on the order of keys', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const reversed = Object.fromEntries(Object.entries(value).reverse());
        expect(contentHash(reversed)).toEqual(contentHash(value));
      }),
    );
  });

  it('differs where the JSON differs', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (left, right) => {
        const same = canonicalJson(left) === canonicalJson(right);
        expect(contentHash(left).equals(contentHash(right))).toBe(same);
        expect(JSON.parse(canonicalJson(left))).toEqual(JSON.parse(JSON.stringify(left)));
      }),
    );
  });

  it('takes a missing member and an undefined one for the same', () => {
    expect(contentHash({ a: 1, b: undefined })).toEqual(contentHash({ a: 1 }));
  });
});
