import { hasVisible } from '../texts.js';

/** Characters that are drawn as nothing: of what people paste, they are no part of a code. */
const ignorable = /[\p{Default_Ignorable_Code_Point}\u2800]/gu;
/** Hyphens, dashes and minus signs. */
const dash = /[\p{Dash}\u02d7\u2043]/gu;
const singleQuote = /['`´\u1fef\u1ffdʹʻʼʽˈˊˋ‘’‚‛‹›′‵＇❛❜]/gu;
const doubleQuote = /["ʺ“”„‟«»″‶〝〞〟＂❝❞]/gu;
/** What text around a code brings along: “SPRING-26” is pasted with its quotes. */
const enclosing = /^['"\s]+(?=[^'"\s])|(?<=[^'"\s])['"\s]+$/g;
/** The letter I with its marks, in decomposed upper case. */
const markedI = /I\p{M}+/gu;
/** Most codes: letters, digits and hyphens without any of the above. */
const plain = /^[A-Za-z0-9-]*$/;

/**
 * The canonical form of a promo code. Two codes are the same exactly when their canonical forms are equal. It ignores
 * case, width, surrounding spaces and quotes, and invisible characters; the kind of a dash and of a quote; the dot of
 * an i (İ i I ı); and it writes ẞ and ß as SS. Folding again changes nothing.
 */
export function foldCode(written: string): string {
  if (plain.test(written)) return written.toUpperCase();
  // One step may make a character that another step folds. Two rounds are enough for all of Unicode 17.
  let folded = written;
  for (let round = 1; round <= 4; round++) {
    const next = foldOnce(folded);
    if (next === folded) break;
    folded = next;
  }
  return folded;
}

function foldOnce(text: string): string {
  return (
    text
      .replace(ignorable, '')
      .replace(singleQuote, "'")
      .replace(doubleQuote, '"')
      .normalize('NFKD')
      .replace(dash, '-')
      // Lower case first: ẞ is an upper case letter of its own, and only ß becomes SS.
      .toLowerCase()
      .toUpperCase()
      .normalize('NFKD')
      .replace(markedI, (letter) => letter.replaceAll('\u0307', ''))
      .normalize('NFKC')
      .trim()
      .replace(enclosing, '')
  );
}

/** A code as a person typed or pasted it, without the characters that nobody sees. */
export function typedCode(written: string): string {
  return written.replace(ignorable, '').trim();
}

/**
 * Characters of codes: neither spaces nor invisible ones, apart from those that choose the look of the character before
 * them, as in ❤️.
 */
export const codeCharacters =
  /^(?:\p{Variation_Selector}|(?![\p{Default_Ignorable_Code_Point}\u2800\ufffd])[^\s\p{C}])+$/u;

/** Whether people can read and type this code, also after folding: one character may fold to several words. */
export function isTypeableCode(written: string): boolean {
  const isReadable = (text: string) => codeCharacters.test(text) && hasVisible(text);
  return isReadable(written) && isReadable(foldCode(written));
}
