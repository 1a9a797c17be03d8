import { catalogue } from './catalogue.ts';

/** What every page needs: the frame, the states of screens, forms. */
export const shellWords = catalogue({ en: () => import('./en/shell.ts'), de: () => import('./de/shell.ts') });

/** Refusals by code, in place of the server's English sentence. */
export const refusalWords = catalogue({ en: () => import('./en/refusals.ts'), de: () => import('./de/refusals.ts') });

export const classesWords = catalogue({ en: () => import('./en/classes.ts'), de: () => import('./de/classes.ts') });

export const codesWords = catalogue({ en: () => import('./en/codes.ts'), de: () => import('./de/codes.ts') });

export const publisherWords = catalogue({
  en: () => import('./en/publisher.ts'),
  de: () => import('./de/publisher.ts'),
});
