import { describe, expect, it } from '@jest/globals';
import { checkCode } from './code.js';

describe('the text of a code', () => {
  it.each([
    'A B',
    'A\u200bB',
    'A\u00adB',
    'A\u3164B',
    'A\u202eB',
    'A\u2800B',
    'A\ufffdB',
    'A\tB',
    '\u{fdfa}',
    '\u2800',
    '\u3164',
    '\u0301',
    '\ufe0f',
    ' ',
  ])('is not %j, which nobody can read and type', (written) => {
    expect(() => checkCode(written)).toThrow(expect.objectContaining({ code: 'PROMO_CODE_INVALID' }));
  });
});
