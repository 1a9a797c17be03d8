import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { PromoCodeRefusals } from '../../api/generated/operations.ts';
import { useWords } from '../../messages/catalogue.ts';
import { useLocale } from '../../messages/language.ts';
import { codesWords } from '../../messages/words.ts';
import { Loaded } from '../../states/loaded.tsx';
import { useReasonName } from '../../why/ladder.tsx';

/** The refusals of a code by reason, as bars with their numbers; `link` leads to the decisions of a reason. */
export function RefusalsCard({
  of,
  link = (_, name) => name,
}: {
  readonly of: UseQueryResult<PromoCodeRefusals>;
  readonly link?: (reason: string, name: string) => ReactNode;
}) {
  const words = useWords(codesWords);
  const locale = useLocale();
  const nameOf = useReasonName();
  const number = new Intl.NumberFormat(locale);
  return (
    <section className="card">
      <h2>{words.refusals}</h2>
      <Loaded of={of} isEmpty={({ refusals }) => refusals === 0} empty={<p className="soft">{words.refusalsNone}</p>}>
        {({ reasons, refusals }) => (
          <>
            <p className="soft">{words.refusalsTotal(refusals)}</p>
            <dl className="reason-bars">
              {reasons.map(({ reason, refusals: count }) => (
                <div key={reason}>
                  <dt>{link(reason, nameOf(reason))}</dt>
                  <dd>
                    <span className="bar" style={{ inlineSize: `${(count / refusals) * 100}%` }} />
                    <span className="number">{number.format(count)}</span>
                  </dd>
                </div>
              ))}
            </dl>
          </>
        )}
      </Loaded>
    </section>
  );
}
