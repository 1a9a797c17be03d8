import type { HeldPromoCode } from '../../api/generated/operations.ts';
import { useRefresh } from '../../api/queries.ts';
import { announce } from '../../design/announce.ts';
import { Countdown } from '../../design/data/countdown.tsx';
import { Hours } from '../../design/data/hours.tsx';
import { Instant } from '../../design/data/instant.tsx';
import { Status } from '../../design/data/status.tsx';
import { formatMoney } from '../../format/money.ts';
import { Form } from '../../forms/form.tsx';
import { useForm } from '../../forms/use-form.ts';
import { useWords } from '../../messages/catalogue.ts';
import { useLocale } from '../../messages/language.ts';
import { accountWords } from '../../messages/words.ts';
import { useProblemText } from '../../states/problem.tsx';

/** One bonus code: what it gives, when, for which offers, and whether it can be used now. */
export function HeldCode({ code, personId }: { readonly code: HeldPromoCode; readonly personId: string }) {
  const words = useWords(accountWords);
  const refresh = useRefresh();
  const readAgain = () => void refresh('listHeldCodes');
  const opens = code.next_opens_at;
  return (
    <li className="card">
      <div className="card-head">
        <h2 translate="no">{code.code}</h2>
        <span className="row">
          <Status tone={code.state === 'applied' ? 'info' : 'neutral'}>{words.codeStates[code.state]}</Status>
          <Status tone={code.usable ? 'good' : 'warn'}>{code.usable ? words.usable : words.notUsable}</Status>
        </span>
      </div>
      {code.title && <p>{code.title}</p>}
      <p className="strong">{useBenefit(code)}</p>
      {!code.usable && <WhyNot refusal={code.refusal} />}
      <dl className="pairs">
        <dt>{words.hours}</dt>
        <dd>
          <Hours hours={code.active_hours} days={code.days} />
        </dd>
        {opens && (
          <>
            <dt>{words.opensIn}</dt>
            <dd>
              <Countdown to={opens} onEnd={readAgain} />
              <span className="small block">
                <Instant at={opens} zone={code.active_hours.timezone} />
              </span>
            </dd>
          </>
        )}
        {code.closes_at && (
          <>
            <dt>{words.closesIn}</dt>
            <dd>
              <Countdown to={code.closes_at} onEnd={readAgain} />
            </dd>
          </>
        )}
        {(code.valid_from || code.valid_until) && (
          <>
            <dt>{words.valid}</dt>
            <dd>
              {code.valid_from && (
                <>
                  {words.validFrom} <Instant at={code.valid_from} zone={code.active_hours.timezone} />{' '}
                </>
              )}
              {code.valid_until && (
                <>
                  {words.validUntil} <Instant at={code.valid_until} zone={code.active_hours.timezone} />
                </>
              )}
            </dd>
          </>
        )}
        <dt>{words.offers}</dt>
        <dd>
          <Offers of={code} />
        </dd>
        <dt>{words.uses}</dt>
        <dd className="number">{code.uses}</dd>
      </dl>
      {code.state === 'offered' && code.usable && <Apply code={code} personId={personId} />}
    </li>
  );
}

function useBenefit({ percent_bp, amount_minor, cap_minor, minimum_minor, currency }: HeldPromoCode): string {
  const words = useWords(accountWords);
  const locale = useLocale();
  const money = (minor: number) => (currency ? formatMoney(minor, currency, locale) : String(minor));
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 2 });
  return [
    percent_bp === null ? '' : words.bonusPercent(percent.format(percent_bp / 10_000)),
    amount_minor === null ? '' : words.bonusAmount(money(amount_minor)),
    cap_minor === null ? '' : words.upTo(money(cap_minor)),
    minimum_minor === null ? '' : words.minimum(money(minimum_minor)),
  ]
    .filter(Boolean)
    .join(', ');
}

/** The reason by its code alone: the list of held codes has no sentence of the server. */
function WhyNot({ refusal }: { readonly refusal: HeldPromoCode['refusal'] }) {
  const words = useWords(accountWords);
  const textOf = useProblemText();
  return <p className="soft small">{textOf({ code: refusal ?? '', detail: words.notUsable })}</p>;
}

function Offers({ of: { offers, offers_rule } }: { readonly of: HeldPromoCode }) {
  const words = useWords(accountWords);
  const names = offers.map(({ offer_id, name }) => name ?? offer_id).join(', ');
  if (offers_rule === 'all') return words.offersAll;
  return offers_rule === 'all_but' ? `${words.offersAllBut} ${names}` : names;
}

function Apply({ code, personId }: { readonly code: HeldPromoCode; readonly personId: string }) {
  const words = useWords(accountWords);
  const refresh = useRefresh();
  const form = useForm({
    operation: 'applyCode',
    initial: {},
    request: (_, key) => ({ key, body: { person_id: personId, promo_code: code.code } }),
    onDone: async () => {
      announce(words.applied(code.code));
      await refresh('listHeldCodes');
    },
  });
  return <Form form={form} submit={words.apply} />;
}
