import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { foldCode, isTypeableCode, typedCode } from './fold-code.js';

/** Characters that fold, between those that do not: far more often than chance would draw them. */
const unit = fc.oneof(
  fc.constantFrom(...'iIİıßẞsSﬁſKΣσςµǅ-–—−‐‑­’‘“”«»ʼ´ｓＳ２ #'.normalize('NFC')),
  fc.constantFrom(
    '\u200b',
    '\u200d',
    '\ufeff',
    '\u2060',
    '\u3164',
    '\u2800',
    '\ufe0f',
    '\u0307',
    '\u0301',
    '\u0323',
    '\u0345',
  ),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
);
const written = fc.array(unit, { maxLength: 12 }).map((units) => units.join(''));

describe('the folded text of a code', () => {
  it.each([
    ['Spring-26', 'SPRING-26'],
    ['  spring-26 ', 'SPRING-26'],
    ['ｓｐｒｉｎｇ－２６', 'SPRING-26'],
    ['SPR\u200bING-26\u2060', 'SPRING-26'],
    ['\ufeffSPRING\u00ad-26\u202c', 'SPRING-26'],
    ['SPRING\u201326', 'SPRING-26'],
    ['SPRING\u221226', 'SPRING-26'],
    ['SPRING\u201126', 'SPRING-26'],
    ['mum\u2019s', "MUM'S"],
    ['\u201cA\u201d', '"A"'],
    ['\u201eSpring-26\u201c', 'SPRING-26'],
    ['\u00ab spring-26 \u00bb', 'SPRING-26'],
    ["'spring-26'", 'SPRING-26'],
    ['A\u201dB', 'a"b'],
    ['straße', 'STRASSE'],
    ['STRAẞE', 'straße'],
    ['İNDİRİM', 'indirim'],
    ['ındırım', 'INDIRIM'],
    ['i\u0307ndirim', 'indirim'],
    ['cafe\u0301', 'CAFÉ'],
    ['ﬁrst', 'FIRST'],
    ['Οδος', 'ΟΔΟΣ'],
    ['❤\ufe0fSALE', '❤sale'],
  ])('is the same for %j and %j', (one, other) => {
    expect(foldCode(one)).toBe(foldCode(other));
  });

  it.each([
    ['SPRING-26', 'SPRING26'],
    ['CAFE', 'CAFÉ'],
    ['A0', 'AO'],
    ['A"B', "A'B"],
    ['"', "'"],
  ])('differs for %j and %j', (one, other) => {
    expect(foldCode(one)).not.toBe(foldCode(other));
  });

  it('stays the same when it is folded again', () => {
    fc.assert(
      fc.property(written, (text) => {
        expect(foldCode(foldCode(text))).toBe(foldCode(text));
      }),
      { numRuns: 2_000 },
    );
  });

  it('is the same in any case, composed or not, with and without what nobody sees', () => {
    fc.assert(
      fc.property(written, (text) => {
        const folded = foldCode(text);
        // In canonical order, as Unicode defines the change of case: a iota below becomes a letter, which ends marks.
        const typed = typedCode(text).normalize('NFD');
        const others = [typed.toUpperCase(), typed.toLowerCase(), typed, typed.normalize('NFC')];
        for (const other of [...others, [...text].join('\u200b')]) expect(foldCode(other)).toBe(folded);
      }),
      { numRuns: 2_000 },
    );
  });

  it('is that of each character of Unicode, folded once or twice, in any case', () => {
    const unstable: string[] = [];
    for (let point = 0; point <= 0x10ffff; point++) {
      if (point >= 0xd800 && point <= 0xdfff) continue;
      const text = `a${String.fromCodePoint(point)}b`;
      const folded = foldCode(text);
      const others = [folded, text.toUpperCase(), text.toLowerCase(), text.normalize('NFD')];
      if (others.some((other) => foldCode(other) !== folded)) unstable.push(point.toString(16));
    }
    expect(unstable).toEqual([]);
  });

  it('of plain codes, which take the short way, is that of all codes', () => {
    const plain = fc.string({ unit: fc.constantFrom(...'azAZ059-'), minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(plain, (text) => {
        expect(foldCode(`\u200b${text}`)).toBe(foldCode(text));
      }),
    );
  });
});

describe('a code that people can read and type', () => {
  it.each(['SPRING-26', 'Früh–Jahr', 'İNDİRİM', '❤\ufe0fSALE', '春节', '"A"'])('may be %s', (text) => {
    expect(isTypeableCode(text)).toBe(true);
  });

  it('is typeable again as it was folded', () => {
    fc.assert(
      fc.property(written.filter(isTypeableCode), (text) => {
        expect(isTypeableCode(foldCode(text))).toBe(true);
      }),
    );
  });
});
