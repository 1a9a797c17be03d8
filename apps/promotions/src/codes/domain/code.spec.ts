import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { foldCode } from '#contracts/promotions/fold-code.js';
import { checkCode } from './code.js';

describe('the folded text of a code', () => {
  it.each([
    ['Spring-26', 'SPRING-26'],
    ['  spring-26 ', 'SPRING-26'],
    ['ｓｐｒｉｎｇ－２６', 'SPRING-26'],
    ['straße', 'STRASSE'],
    ['cafe\u0301', 'CAFÉ'],
    ['ﬁrst', 'FIRST'],
  ])('is the same for %s and %s', (one, other) => {
    expect(foldCode(one)).toBe(foldCode(other));
  });

  it('stays the same when it is folded again, in any case', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }), (written) => {
        const folded = foldCode(written);
        expect(foldCode(folded)).toBe(folded);
        expect(foldCode(written.toUpperCase())).toBe(folded);
      }),
      { numRuns: 2_000 },
    );
  });

  it.each(['A B', 'A\u200bB', 'A\tB', '\u{fdfa}', ' '])('does not exist for %j, which nobody can type', (written) => {
    expect(() => checkCode(written)).toThrow(expect.objectContaining({ code: 'PROMO_CODE_INVALID' }));
  });
});
