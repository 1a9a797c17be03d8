import { useState } from 'react';
import type { Quote } from '../../api/generated/operations.ts';
import { Refused } from '../../api/problems.ts';
import { Button } from '../../design/controls/button.tsx';
import { MoneyField } from '../../design/controls/number-fields.tsx';
import { formatMoney } from '../../format/money.ts';
import { useWords } from '../../messages/catalogue.ts';
import { useLocale } from '../../messages/language.ts';
import { whyWords } from '../../messages/words.ts';
import { useProblemText } from '../../states/problem.tsx';

export interface ChosenAmountProps {
  readonly of: NonNullable<Quote['choosable_amount']>;
  readonly currency: string;
  /** Why the amount that was chosen gives no quote. */
  readonly error: Error | null;
  readonly isBusy: boolean;
  readonly onChoose: (amountMinor: number) => void;
}

/** The amount that a person pays, where the person chooses it. It is quoted with Enter or the button. */
export function ChosenAmount({ of: bounds, currency, error, isBusy, onChoose }: ChosenAmountProps) {
  const words = useWords(whyWords);
  const locale = useLocale();
  const textOf = useProblemText();
  const [typed, setTyped] = useState<number | null>(bounds.suggestion_minor);
  const money = (minor: number) => formatMoney(minor, currency, locale);
  const to = bounds.maximum_minor === null ? null : money(bounds.maximum_minor);
  return (
    <form
      className="stack-s"
      onSubmit={(event) => {
        event.preventDefault();
        if (typed !== null) onChoose(typed);
      }}
    >
      <MoneyField
        label={words.chosenAmount}
        hint={words.chosenHint(money(bounds.minimum_minor), to)}
        error={error instanceof Refused ? textOf(error.problem) : undefined}
        currency={currency}
        value={typed}
        onChange={setTyped}
      />
      <Button type="submit" isBusy={isBusy}>
        {words.useAmount}
      </Button>
    </form>
  );
}
