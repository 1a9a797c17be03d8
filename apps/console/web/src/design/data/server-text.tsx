import { translateSentences } from '../../format/translate-sentences.ts';
import { useWords } from '../../messages/catalogue.ts';
import { useLocale } from '../../messages/language.ts';
import { sentenceWords } from '../../messages/words.ts';

/** A sentence that the server wrote, in the reader's language where it is known, else marked as English. */
export function ServerText({ children }: { readonly children: string }) {
  const sentences = useWords(sentenceWords);
  const locale = useLocale();
  const translated = translateSentences(children, sentences, locale);
  return translated === undefined ? <span lang="en">{children}</span> : <span>{translated}</span>;
}
