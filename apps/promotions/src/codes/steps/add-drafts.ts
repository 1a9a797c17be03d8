import type { z } from 'zod';
import { foldCode } from '#contracts/promotions/fold-code.js';
import type { promoCodeBody } from '#contracts/promotions/promo-code-terms.js';
import { newId } from '#kernel/ids.js';
import { orRefusal, Refusal } from '#kernel/refusal.js';
import type { Tx } from '#persistence/transaction.js';
import { termsOf } from '../code-view.js';
import type { CodesStore } from '../codes.store.js';
import { checkCode, checkPersons, checkTerms, codeTaken, type PromoCode, unused } from '../domain/code.js';

/** A valid code that is created if its text is free, and the persons that it lists. */
export interface Draft {
  readonly code: PromoCode;
  readonly persons: readonly string[];
}

/** Checks a requested code. @returns the draft, or why it is refused. */
export function draftOf(
  body: z.output<typeof promoCodeBody>,
  creation: Pick<PromoCode, 'createdBy' | 'createdAt' | 'batchId'>,
): Draft | Refusal {
  return orRefusal(() => {
    const terms = termsOf(body);
    checkCode(body.code);
    checkTerms(terms);
    checkPersons(terms.audience, body.persons);
    const { code, status, persons } = body;
    return { code: unused(terms, { id: newId(), code, status, ...creation }), persons };
  });
}

/**
 * Creates the drafts whose text is free, inside the transaction of a use case. Of two texts that fold
 * alike the first is created.
 * @returns one result for each draft, in order
 */
export async function addDrafts(
  tx: Tx,
  codes: CodesStore,
  drafts: readonly (Draft | Refusal)[],
): Promise<(PromoCode | Refusal)[]> {
  const valid = drafts.filter((draft): draft is Draft => !(draft instanceof Refusal));
  const added = await codes.add(
    tx,
    valid.map(({ code }) => ({ ...code, folded: foldCode(code.code) })),
  );
  const listed = valid.filter(({ code, persons }) => persons.length > 0 && added.has(code.id));
  await codes.setPersons(
    tx,
    listed.map(({ code, persons }) => ({ codeId: code.id, persons })),
  );
  return drafts.map((draft) => {
    if (draft instanceof Refusal) return draft;
    return added.has(draft.code.id) ? draft.code : codeTaken(draft.code.code);
  });
}
