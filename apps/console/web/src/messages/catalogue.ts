import { use } from 'react';
import { currentLanguage, type Language, setLanguage, useLanguage } from './language.ts';

/** The texts of one area in each language, loaded when they are needed. */
export interface Catalogue<Words> {
  readonly loaders: Readonly<Record<Language, () => Promise<{ readonly words: Words }>>>;
  readonly loading: Map<Language, Promise<Words>>;
}

const inUse = new Set<Catalogue<unknown>>();

/** Declares a catalogue; the German texts must have the type of the English ones. */
export function catalogue<Words>(loaders: Catalogue<Words>['loaders']): Catalogue<Words> {
  return { loaders, loading: new Map() };
}

/** Loads the texts of the current language; a route's loader calls it beside the loading of its screen. */
export function loadWords<Words>(texts: Catalogue<Words>, language: Language = currentLanguage()): Promise<Words> {
  inUse.add(texts as Catalogue<unknown>);
  const begun = texts.loading.get(language);
  if (begun) return begun;
  const loading: Promise<Words> = texts.loaders[language]().then(({ words }) => {
    // So marked, React reads the texts at once instead of suspending for a promise that it sees for the first time.
    Object.assign(loading, { status: 'fulfilled', value: words });
    return words;
  });
  texts.loading.set(language, loading);
  // The next attempt loads again.
  loading.catch(() => texts.loading.delete(language));
  return loading;
}

/** The texts of an area in the current language. */
export function useWords<Words>(texts: Catalogue<Words>): Words {
  const language = useLanguage();
  return use(loadWords(texts, language));
}

/** Switches the language of the whole page, after all its texts were loaded. */
export async function switchLanguage(language: Language): Promise<void> {
  await Promise.all([...inUse].map((texts) => loadWords(texts, language)));
  setLanguage(language);
}
