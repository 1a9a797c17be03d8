/** What texts of people may hold. Properties of characters are those of Unicode (UAX 44). */

/**
 * A letter, digit, mark of punctuation or symbol that is drawn. Spaces, controls and default-ignorable characters are
 * not, and neither are the characters that are drawn as nothing although Unicode calls them symbols or letters.
 */
const visible = /(?![\p{Default_Ignorable_Code_Point}\u2800\u{1d159}\u{13441}\u{13442}])[\p{L}\p{N}\p{P}\p{S}]/u;

/** Embeddings, overrides and isolates of the bidirectional algorithm (UAX 9) and their ends: they reorder a text. */
const bidiControl = String.raw`\u202a-\u202e\u2066-\u2069`;
/** Deprecated formats, annotations, characters that are none, and the trace of a text that was decoded wrongly. */
const refusedAnywhere = String.raw`${bidiControl}\u206a-\u206f\ufff9-\ufffb\ufffd\p{Noncharacter_Code_Point}`;
const refusedInLine = new RegExp(String.raw`[\p{Cc}\u2028\u2029${refusedAnywhere}]`, 'u');
const unfitForLine = new RegExp(refusedInLine, 'gu');
const refusedInParagraphs = new RegExp(String.raw`(?![\t\n\r])\p{Cc}|[${refusedAnywhere}]`, 'u');

/** Whether Postgres can store this text: Unicode without NUL and without lone surrogates. */
export const isStorable = (value: string) => !value.includes('\0') && value.isWellFormed();

/** Whether a reader sees anything of this text. */
export const hasVisible = (value: string) => visible.test(value);

/** Whether this text is one line: no controls, no line breaks, no bidi controls. Joiners and bidi marks may stand. */
export const isOneLine = (value: string) => isStorable(value) && !refusedInLine.test(value);

/** Whether these are lines of text: as `isOneLine`, with line breaks and tabs. */
export const isParagraphs = (value: string) => isStorable(value) && !refusedInParagraphs.test(value);

/**
 * At most `max` UTF-16 units of a text as one line, for texts of other systems: spaces in place of what no line has,
 * and nothing where nothing can be seen.
 */
export function toOneLine(value: string, max: number): string {
  const line = value.toWellFormed().replace(unfitForLine, ' ').replace(/\s+/g, ' ').trim();
  const cut = line.slice(0, max).replace(/[\ud800-\udbff]$/, '');
  return hasVisible(cut) ? cut.trim() : '';
}
