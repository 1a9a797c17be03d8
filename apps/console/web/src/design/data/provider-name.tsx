import { useWords } from '../../messages/catalogue.ts';
import { shellWords } from '../../messages/words.ts';

/** How money came: by hand in words, and from a provider by its name. */
export function ProviderName({ provider }: { readonly provider: string }) {
  const words: Readonly<Record<string, string>> = useWords(shellWords).providers;
  return words[provider] ?? <span translate="no">{provider}</span>;
}
