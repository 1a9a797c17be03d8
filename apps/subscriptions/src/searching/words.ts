/**
 * The words of a name or title for searches: in lower case, without accents, with a space between them. The same for
 * texts that differ only in those, in composition or in width.
 */
export function wordsOf(text: string): string {
  const plain = (part: string) =>
    part.normalize('NFKD').replace(/[\u0300-\u036f]|\p{Default_Ignorable_Code_Point}/gu, '');
  const folded = plain(plain(text).toLowerCase().toUpperCase()).toLowerCase();
  return (folded.match(/[\p{L}\p{M}\p{N}]+/gu) ?? []).join(' ');
}

/** The `tsquery` of texts with a word that begins with each word of the search. */
export function beginningsOf(search: string): string {
  const words = wordsOf(search).split(' ');
  return words.flatMap((word) => (word === '' ? [] : [`'${word}':*`])).join(' & ');
}
