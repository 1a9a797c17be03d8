import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { toOneLine } from './texts.js';
import { optionalText, paragraphsText, text } from './wire.js';

const takes = (schema: ReturnType<typeof text>, value: string) => schema.safeParse(value).success;

const invisible = ['\u200b', '\u2800', '\u3164', '\u00ad', '\u200d\u200c', '\ufe0f', '\u{e0041}', '\u034f', '\u0301'];
const unfit = [
  'a\nb',
  'a\rb',
  'a\tb',
  'a\u0085b',
  'a\u2028b',
  'a\u0007b',
  'a\u202eb',
  'a\u2066b',
  'a\ufffdb',
  'a\0b',
  'a\ud800',
];
const fit = [
  'Mia',
  'علی\u200cرضا',
  '👩\u200d🎓 Zoë',
  '❤\ufe0f',
  'श्री\u200dकांत',
  'עברית\u200f (2)',
  '山田 太郎',
  'O\u2019Brien-Ó',
  'ភាសា\u200bខ្មែរ',
  '!',
];

describe('a text of one line', () => {
  it.each(fit)('may be %j', (value) => {
    expect([text(200).parse(value), optionalText(200).parse(value)]).toEqual([value, value]);
  });

  it.each([...invisible, ...unfit])('is not %j', (value) => {
    expect([takes(text(200), value), takes(optionalText(200), value)]).toEqual([false, false]);
    expect(text(200).safeParse(value).error?.issues).toHaveLength(1);
  });

  it('is trimmed, and may be left out where it is optional', () => {
    expect([text(3).parse(' Mia\n'), optionalText(3).parse(' Mia '), optionalText(3).parse(' \n')]).toEqual([
      'Mia',
      'Mia',
      '',
    ]);
    expect([takes(text(3), ' \n'), takes(text(3), '')]).toEqual([false, false]);
  });

  it('is made of any text of another system', () => {
    expect(toOneLine('two\r\nlines\u202e, \0 one\u0007', 200)).toBe('two lines , one');
    expect([toOneLine('\u200b\n', 200), toOneLine('ab👩', 3), toOneLine('ab\ud800', 9)]).toEqual(['', 'ab', 'ab']);
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 20 }), (value, max) => {
        const line = toOneLine(value, max);
        expect(optionalText(max).parse(line)).toBe(line);
      }),
    );
  });
});

describe('a text of several lines', () => {
  it.each(['', ' \n', 'two\r\n\n\tlines', ...fit])('may be %j', (value) => {
    expect(paragraphsText(200).parse(value)).toBe(value);
  });

  it.each([...invisible, ...unfit.filter((value) => !/[\n\r\t\u2028]/.test(value))])('is not %j', (value) => {
    expect(paragraphsText(200).safeParse(value).success).toBe(false);
  });
});
