import { catalogue } from './catalogue.ts';

/** What every page needs: the frame, the states of screens, forms. */
export const shellWords = catalogue({ en: () => import('./en/shell.ts'), de: () => import('./de/shell.ts') });

/** Refusals by code, in place of the server's English sentence. */
export const refusalWords = catalogue({ en: () => import('./en/refusals.ts'), de: () => import('./de/refusals.ts') });

/** Sentences that the server writes, in other languages. */
export const sentenceWords = catalogue({
  en: () => import('./en/sentences.ts'),
  de: () => import('./de/sentences.ts'),
});

export const classesWords = catalogue({ en: () => import('./en/classes.ts'), de: () => import('./de/classes.ts') });

export const codesWords = catalogue({ en: () => import('./en/codes.ts'), de: () => import('./de/codes.ts') });

export const publisherWords = catalogue({
  en: () => import('./en/publisher.ts'),
  de: () => import('./de/publisher.ts'),
});

/** The sentences of *why*: of codes, orders and money. */
export const whyWords = catalogue({ en: () => import('./en/why.ts'), de: () => import('./de/why.ts') });

export const ordersWords = catalogue({ en: () => import('./en/orders.ts'), de: () => import('./de/orders.ts') });

export const profileWords = catalogue({
  en: () => import('./en/member/profile.ts'),
  de: () => import('./de/member/profile.ts'),
});

export const subscriptionsWords = catalogue({
  en: () => import('./en/member/subscriptions.ts'),
  de: () => import('./de/member/subscriptions.ts'),
});

export const accountWords = catalogue({ en: () => import('./en/account.ts'), de: () => import('./de/account.ts') });

export const promoCodesWords = catalogue({
  en: () => import('./en/promo-codes.ts'),
  de: () => import('./de/promo-codes.ts'),
});

export const decisionsWords = catalogue({
  en: () => import('./en/decisions.ts'),
  de: () => import('./de/decisions.ts'),
});

export const offersWords = catalogue({ en: () => import('./en/offers.ts'), de: () => import('./de/offers.ts') });

export const personsWords = catalogue({
  en: () => import('./en/money/persons.ts'),
  de: () => import('./de/money/persons.ts'),
});

export const adminOrdersWords = catalogue({
  en: () => import('./en/money/admin-orders.ts'),
  de: () => import('./de/money/admin-orders.ts'),
});

export const paymentsWords = catalogue({
  en: () => import('./en/money/payments.ts'),
  de: () => import('./de/money/payments.ts'),
});

export const actionsWords = catalogue({
  en: () => import('./en/money/actions.ts'),
  de: () => import('./de/money/actions.ts'),
});

export const ledgerWords = catalogue({
  en: () => import('./en/money/ledger.ts'),
  de: () => import('./de/money/ledger.ts'),
});

export const rulesWords = catalogue({ en: () => import('./en/rules.ts'), de: () => import('./de/rules.ts') });

export const webhooksWords = catalogue({
  en: () => import('./en/system/webhooks.ts'),
  de: () => import('./de/system/webhooks.ts'),
});

export const adminClassesWords = catalogue({
  en: () => import('./en/admin-classes.ts'),
  de: () => import('./de/admin-classes.ts'),
});
