import { Check } from '../../../design/controls/check.tsx';
import { Select, TextField } from '../../../design/controls/inputs.tsx';
import type { FormHandle } from '../../../forms/use-form.ts';
import { useWords } from '../../../messages/catalogue.ts';
import { adminClassesWords } from '../../../messages/words.ts';
import type { ClassValues } from './class-values.ts';

interface SettingsProps {
  readonly form: FormHandle<ClassValues>;
}

/** What a class says of money: its currency, how long an order waits, and what may be missing or late. */
export function MoneySettings({ form, isPublished }: SettingsProps & { readonly isPublished: boolean }) {
  const words = useWords(adminClassesWords);
  return (
    <section className="card" aria-labelledby="class-money">
      <h2 id="class-money">{words.money}</h2>
      <div className="fields">
        <TextField
          label={words.currency}
          hint={words.currencyHint}
          maxLength={3}
          translate="no"
          readOnly={isPublished}
          {...form.field('currency')}
        />
        <TextField
          label={words.paymentWindow}
          hint={words.paymentWindowHint}
          inputMode="numeric"
          {...form.field('paymentWindow', '/payment_window_hours')}
        />
        <TextField
          label={words.tolerance}
          hint={words.toleranceHint}
          inputMode="numeric"
          {...form.field('tolerance', '/payment_tolerance_minor')}
        />
      </div>
      <Select
        label={words.latePayment}
        choices={[
          { value: 'reopen', label: words.reopen },
          { value: 'credit', label: words.credit },
        ]}
        {...form.field('latePayment', '/late_payment')}
      />
    </section>
  );
}

/** How many seats there are: a switch, since none is no number. */
export function SeatSettings({ form }: SettingsProps) {
  const words = useWords(adminClassesWords);
  const { isLimited } = form.values;
  return (
    <section className="card" aria-labelledby="class-places">
      <h2 id="class-places">{words.places}</h2>
      <Check label={words.limited} isSwitch value={isLimited} onChange={(next) => form.change({ isLimited: next })} />
      {isLimited && <TextField label={words.capacity} inputMode="numeric" {...form.field('capacity')} />}
    </section>
  );
}
