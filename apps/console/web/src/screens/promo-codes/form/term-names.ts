import { useWords } from '../../../messages/catalogue.ts';
import { codesWords, promoCodesWords } from '../../../messages/words.ts';
import type { TermName } from './merged-values.ts';

/** What people call a member of the terms. */
export function useTermNames(): (name: TermName) => string {
  const words = useWords(promoCodesWords);
  const codes = useWords(codesWords);
  const { form } = words;
  const names: Readonly<Record<TermName, string>> = {
    title: words.codeTitle,
    owner_id: form.owner,
    kind: form.kind,
    percent_bp: form.percent,
    amount_minor: form.amount,
    currency: form.currency,
    cap_minor: form.cap,
    minimum_minor: form.minimum,
    budget_minor: form.budget,
    valid_from: form.validFrom,
    valid_until: form.validUntil,
    active_hours: codes.hours,
    days: form.days,
    max_uses: form.maxUses,
    max_uses_per_person: form.perPerson,
    max_uses_per_offer: form.perOffer,
    auto_deactivate_on_max_uses: form.autoDeactivate,
    offers_rule: form.offersRule,
    offers: form.offers,
    audience: form.audience,
    persons: form.persons,
    stacking: form.stacking,
    precedence: form.precedence,
    counts_on: form.countsOn,
    hold_hours: form.holdHours,
    hold_past_validity: form.holdPastValidity,
    give_back: form.giveBack,
  };
  return (name) => names[name];
}
