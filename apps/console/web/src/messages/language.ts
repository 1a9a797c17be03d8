import { useSyncExternalStore } from 'react';

export const languages = ['en', 'de'] as const;
export type Language = (typeof languages)[number];

/** English dates are written day first and by 24 hours, as in the documents of the API. */
const locales: Readonly<Record<Language, string>> = { en: 'en-GB', de: 'de-DE' };
const storageKey = 'matricula.language';

let current: Language = preferred();
document.documentElement.lang = current;
const listeners = new Set<() => void>();

export function currentLanguage(): Language {
  return current;
}

export function currentLocale(): string {
  return locales[current];
}

/** Changes the language; `switchLanguage` loads the texts first. */
export function setLanguage(language: Language): void {
  current = language;
  document.documentElement.lang = language;
  try {
    localStorage.setItem(storageKey, language);
  } catch {
    // Without storage the choice lasts as long as the page.
  }
  for (const listener of listeners) listener();
}

export function useLanguage(): Language {
  return useSyncExternalStore(subscribe, currentLanguage);
}

export function useLocale(): string {
  return locales[useLanguage()];
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

function preferred(): Language {
  const known = (language: string | null | undefined) => languages.find((one) => language?.startsWith(one));
  try {
    const chosen = known(localStorage.getItem(storageKey));
    if (chosen) return chosen;
  } catch {
    // The browser's languages decide.
  }
  return navigator.languages.map(known).find((language) => language !== undefined) ?? 'en';
}
