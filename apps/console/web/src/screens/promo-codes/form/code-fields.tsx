import { Check } from '../../../design/controls/check.tsx';
import { Select, TextArea, TextField } from '../../../design/controls/inputs.tsx';
import { MoneyField, NumberField } from '../../../design/controls/number-fields.tsx';
import { useWords } from '../../../messages/catalogue.ts';
import { codesWords, promoCodesWords } from '../../../messages/words.ts';
import { HoursFields } from './hours-fields.tsx';
import { type CodeForm, currencyOf, MoneyLimitField, NumberLimitField } from './limit-field.tsx';
import { PercentField } from './percent-field.tsx';

interface FieldsProps {
  readonly form: CodeForm;
}

/** All terms of a code, in the order in which a person thinks of them. */
export function CodeFields({ form }: FieldsProps) {
  return (
    <>
      <Benefit form={form} />
      <HoursFields form={form} />
      <Limits form={form} />
      <Offers form={form} />
      <More form={form} />
    </>
  );
}

function Benefit({ form }: FieldsProps) {
  const words = useWords(promoCodesWords).form;
  const codes = useWords(codesWords);
  const { values } = form;
  const kinds = [
    { value: 'discount', label: codes.kind.discount },
    { value: 'bonus', label: codes.kind.bonus },
  ] as const;
  const ways = [
    { value: 'percent', label: words.percent },
    { value: 'amount', label: words.amount },
  ] as const;
  return (
    <fieldset className="card fieldset">
      <legend className="legend">{words.benefit}</legend>
      <div className="fields">
        <Select label={words.kind} choices={kinds} {...form.field('kind')} />
        <Select label={words.by} choices={ways} {...form.field('by')} />
        {values.by === 'percent' ? (
          <PercentField label={words.percent} {...form.field('percent_bp')} />
        ) : (
          <MoneyField label={words.amount} currency={currencyOf(values)} {...form.field('amount_minor')} />
        )}
        <TextField
          label={words.currency}
          hint={words.currencyHint}
          isOptional={values.by === 'percent'}
          maxLength={3}
          {...form.field('currency')}
          onChange={(typed) => form.change({ currency: typed.toUpperCase() })}
        />
      </div>
      <div className="fields">
        {values.by === 'percent' && (
          <MoneyLimitField form={form} name="cap_minor" label={words.hasCap} value={words.cap} />
        )}
        <MoneyLimitField form={form} name="minimum_minor" label={words.hasMinimum} value={words.minimum} />
        <MoneyLimitField
          form={form}
          name="budget_minor"
          label={words.hasBudget}
          value={words.budget}
          hint={words.budgetHint}
        />
      </div>
    </fieldset>
  );
}

function Limits({ form }: FieldsProps) {
  const words = useWords(promoCodesWords).form;
  return (
    <fieldset className="card fieldset">
      <legend className="legend">{words.limits}</legend>
      <div className="fields">
        <NumberLimitField form={form} name="max_uses" label={words.hasMaxUses} value={words.maxUses} />
        <NumberLimitField form={form} name="max_uses_per_person" label={words.hasPerPerson} value={words.perPerson} />
        <NumberLimitField form={form} name="max_uses_per_offer" label={words.hasPerOffer} value={words.perOffer} />
      </div>
      <Check
        isSwitch
        label={words.autoDeactivate}
        hint={words.autoDeactivateHint}
        {...form.field('auto_deactivate_on_max_uses')}
      />
    </fieldset>
  );
}

function Offers({ form }: FieldsProps) {
  const words = useWords(promoCodesWords).form;
  const { values } = form;
  const rules = (['all', 'some', 'all_but'] as const).map((value) => ({ value, label: words.offersRules[value] }));
  const audiences = (['everyone', 'listed', 'new_persons'] as const).map((value) => ({
    value,
    label: words.audiences[value],
  }));
  return (
    <fieldset className="card fieldset">
      <legend className="legend">{words.who}</legend>
      <div className="fields">
        <Select label={words.offersRule} choices={rules} {...form.field('offers_rule')} />
        <Select label={words.audience} choices={audiences} {...form.field('audience')} />
      </div>
      {values.offers_rule !== 'all' && (
        <TextArea label={words.offers} hint={words.linesHint} {...form.field('offers')} />
      )}
      {values.audience === 'listed' && (
        <TextArea label={words.persons} hint={words.personsHint} {...form.field('persons')} />
      )}
    </fieldset>
  );
}

function More({ form }: FieldsProps) {
  const words = useWords(promoCodesWords).form;
  const { values } = form;
  const stackings = (['exclusive', 'combinable'] as const).map((value) => ({ value, label: words.stackings[value] }));
  const counts = (['conversion', 'apply'] as const).map((value) => ({ value, label: words.counts[value] }));
  const reasons = ['cancel', 'refund', 'fraud', 'chargeback'] as const;
  return (
    <fieldset className="card fieldset">
      <legend className="legend">{words.more}</legend>
      <div className="fields">
        <Select label={words.stacking} choices={stackings} {...form.field('stacking')} />
        {values.stacking === 'combinable' && (
          <NumberField label={words.precedence} hint={words.precedenceHint} {...form.field('precedence')} />
        )}
        {values.kind === 'bonus' && <Select label={words.countsOn} choices={counts} {...form.field('counts_on')} />}
        <TextField label={words.owner} hint={words.ownerHint} isOptional {...form.field('owner_id')} />
      </div>
      {values.kind === 'discount' && (
        <div className="fields">
          <NumberLimitField
            form={form}
            name="hold_hours"
            label={words.hasHold}
            value={words.holdHours}
            hint={words.holdHint}
          />
          <Check isSwitch label={words.holdPastValidity} {...form.field('hold_past_validity')} />
        </div>
      )}
      <fieldset className="fieldset">
        <legend className="label">{words.giveBack}</legend>
        <div className="row">
          {reasons.map((reason) => (
            <Check
              key={reason}
              label={words.giveBackReasons[reason]}
              value={values.give_back[reason]}
              onChange={(isOn) => form.change({ give_back: { ...values.give_back, [reason]: isOn } })}
            />
          ))}
        </div>
      </fieldset>
    </fieldset>
  );
}
