import type { ReactNode } from 'react';
import { Check } from '../../../design/controls/check.tsx';
import { MoneyField, NumberField } from '../../../design/controls/number-fields.tsx';
import type { FormHandle } from '../../../forms/use-form.ts';
import type { CodeValues, LimitName } from './values.ts';

export type CodeForm = FormHandle<CodeValues>;

/** A limit that may be absent: a switch, and its value while it is on. */
export function Limit({
  form,
  name,
  label,
  hint,
  children,
}: {
  readonly form: CodeForm;
  readonly name: LimitName;
  readonly label: string;
  readonly hint?: string;
  readonly children: ReactNode;
}) {
  const { on } = form.values;
  return (
    <div className="stack-s">
      <Check
        isSwitch
        label={label}
        hint={hint}
        value={on[name]}
        onChange={(isOn) => form.change({ on: { ...on, [name]: isOn } })}
      />
      {on[name] && children}
    </div>
  );
}

type NumberLimit = 'max_uses' | 'max_uses_per_person' | 'max_uses_per_offer' | 'hold_hours';

export function NumberLimitField(props: {
  readonly form: CodeForm;
  readonly name: NumberLimit;
  readonly label: string;
  readonly value: string;
  readonly hint?: string;
}) {
  const { form, name, label, hint, value } = props;
  return (
    <Limit form={form} name={name} label={label} hint={hint}>
      <NumberField label={value} {...form.field(name)} />
    </Limit>
  );
}

type MoneyLimit = 'cap_minor' | 'minimum_minor' | 'budget_minor';

/** Without a currency the server says that one is missing; the field then stands as it is. */
export function MoneyLimitField(props: {
  readonly form: CodeForm;
  readonly name: MoneyLimit;
  readonly label: string;
  readonly value: string;
  readonly hint?: string;
}) {
  const { form, name, label, hint, value } = props;
  return (
    <Limit form={form} name={name} label={label} hint={hint}>
      <MoneyField label={value} currency={currencyOf(form.values)} {...form.field(name)} />
    </Limit>
  );
}

/** A currency that can be written; three letters are enough, others are the server's to refuse. */
export function currencyOf({ currency }: Pick<CodeValues, 'currency'>): string {
  return /^[A-Z]{3}$/.test(currency) ? currency : 'EUR';
}

const pointers = [
  'title owner_id kind percent_bp amount_minor currency cap_minor minimum_minor budget_minor valid_from valid_until',
  'active_hours/start_time active_hours/end_time active_hours/timezone days max_uses max_uses_per_person',
  'max_uses_per_offer auto_deactivate_on_max_uses offers_rule offers audience persons stacking precedence counts_on',
  'hold_hours hold_past_validity',
].flatMap((names) => names.split(' '));

/**
 * Says that the fields of the terms show their own errors. They render after the notice atop the form, which lists the
 * errors that no field has claimed so far.
 */
export function claimTerms({ errorAt }: Pick<CodeForm, 'errorAt'>, under = ''): void {
  for (const pointer of pointers) errorAt(`${under}/${pointer}`);
}
