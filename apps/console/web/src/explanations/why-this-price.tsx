import type { Discount, TraceStep } from '../api/generated/operations.ts';
import { Money } from '../design/data/money.tsx';
import { ServerText } from '../design/data/server-text.tsx';
import { useWords } from '../messages/catalogue.ts';
import { classesWords } from '../messages/words.ts';
import { PriceSteps } from './price-steps.tsx';

export interface WhyThisPriceProps {
  readonly trace: readonly TraceStep[];
  /** Before promo codes. */
  readonly priceMinor: number;
  readonly amountMinor: number;
  readonly currency: string;
  readonly discounts?: readonly Discount[];
}

/** The steps of the rule, then each promo code with what it took, in the order of application. */
export function WhyThisPrice({ trace, priceMinor, amountMinor, currency, discounts = [] }: WhyThisPriceProps) {
  const words = useWords(classesWords);
  let left = priceMinor;
  return (
    <div className="stack">
      <PriceSteps trace={trace} />
      <dl className="sum">
        <div>
          <dt>{words.price}</dt>
          <dd>
            <Money minor={priceMinor} currency={currency} />
          </dd>
        </div>
        {discounts.map(({ code, discount_minor, explanation }) => {
          left -= discount_minor;
          return (
            <div key={code}>
              <dt>
                <span translate="no">{code}</span>{' '}
                <span className="soft small">
                  <ServerText>{explanation}</ServerText>
                </span>
              </dt>
              <dd>
                <Money minor={-discount_minor} currency={currency} />{' '}
                <span className="soft small">
                  (<Money minor={left} currency={currency} />)
                </span>
              </dd>
            </div>
          );
        })}
        <div className="total">
          <dt>{words.toPay}</dt>
          <dd>
            <Money minor={amountMinor} currency={currency} />
          </dd>
        </div>
      </dl>
    </div>
  );
}
