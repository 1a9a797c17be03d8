import type { PromoCodesVerdict } from '../api/generated/operations.ts';
import { Countdown } from '../design/data/countdown.tsx';
import { Instant } from '../design/data/instant.tsx';
import { useWords } from '../messages/catalogue.ts';
import { whyWords } from '../messages/words.ts';
import { useProblemText } from '../states/problem.tsx';
import { Notice } from '../states/state.tsx';

export type CodeRefusal = NonNullable<PromoCodesVerdict['refusal']>;

/** Why a promo code does not work, and when it would. */
export function CodeRefused({ code, refusal }: { readonly code: string; readonly refusal: CodeRefusal }) {
  const words = useWords(whyWords);
  const textOf = useProblemText();
  return (
    <Notice tone="warn" role="status" title={words.codeRefused(code)}>
      <p className="small">{textOf({ code: refusal.code, detail: refusal.message, details: refusal.details })}</p>
      <WhenItWorks details={refusal.details} />
    </Notice>
  );
}

/** The instant from which a code works, if the refusal says one. */
export function WhenItWorks({ details }: { readonly details: Readonly<Record<string, unknown>> }) {
  const words = useWords(whyWords);
  const zone = typeof details.timezone === 'string' ? details.timezone : undefined;
  const at = [details.next_opens_at, details.valid_from].find((value) => typeof value === 'string') as
    | string
    | undefined;
  if (!at) return null;
  return (
    <p className="small">
      {words.worksFrom} <Instant at={at} {...(zone ? { zone } : {})} /> <Countdown to={at} />
    </p>
  );
}
