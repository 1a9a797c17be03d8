import type { Class, ParameterType, SubscriptionRule } from '../../../api/generated/operations.ts';
import { useAsk } from '../../../api/queries.ts';
import { ZoneField } from '../../../design/aria/zone-field.tsx';
import { Check } from '../../../design/controls/check.tsx';
import { Select, TextArea, TextField } from '../../../design/controls/inputs.tsx';
import { Form } from '../../../forms/form.tsx';
import type { FormHandle } from '../../../forms/use-form.ts';
import { useWords } from '../../../messages/catalogue.ts';
import { adminClassesWords } from '../../../messages/words.ts';
import { Loaded } from '../../../states/loaded.tsx';
import { useParameterTypes } from '../schema-form/use-parameters.ts';
import { ClassParameters } from './class-parameters.tsx';
import { ClassQuote, useClassQuote } from './class-quote.tsx';
import { MoneySettings, SeatSettings } from './class-settings.tsx';
import type { ClassValues } from './class-values.ts';

export interface ClassFormProps {
  readonly form: FormHandle<ClassValues>;
  readonly submit: string;
  /** The class as it is; absent for a new one. */
  readonly published?: Class;
  readonly isReadOnly?: boolean;
}

/** A class: its values by the forms of their types, and beside them the quote before anything is saved. */
export function ClassForm(props: ClassFormProps) {
  const rules = useAsk('listRules', { query: { limit: 200 } });
  const types = useParameterTypes();
  return (
    <Loaded of={rules} isEmpty={() => false}>
      {({ items }) => (
        <Loaded of={types} isEmpty={() => false}>
          {(known) => <Fields {...props} rules={items} types={known.items} />}
        </Loaded>
      )}
    </Loaded>
  );
}

function Fields({
  form,
  submit,
  published,
  isReadOnly = false,
  rules,
  types,
}: ClassFormProps & { readonly rules: readonly SubscriptionRule[]; readonly types: readonly ParameterType[] }) {
  const words = useWords(adminClassesWords);
  const { values, change } = form;
  const rule = rules.find(({ rule_id }) => rule_id === values.ruleId);
  const quote = useClassQuote(values);
  const moves = published && rule && rule.rule_id === published.rule_id && rule.version > published.rule_version;
  const choices = [
    { value: '', label: words.chooseRule },
    ...rules
      .filter(({ retired_at, rule_id }) => retired_at === null || rule_id === published?.rule_id)
      .map(({ rule_id: value, title: label }) => ({ value, label })),
  ];
  const fields = (
    <>
      <section className="card" aria-labelledby="class-about">
        <h2 id="class-about">{words.about}</h2>
        <TextField label={words.titleField} {...form.field('title')} />
        <TextArea label={words.description} isOptional {...form.field('description')} />
        <Select
          label={words.rule}
          hint={moves ? words.movesToNewest(rule.version) : rule?.description}
          choices={choices}
          {...form.field('ruleId', '/rule_id')}
          onChange={(ruleId) => change({ ruleId, parameters: {} })}
        />
      </section>
      <section className="card" aria-labelledby="class-parameters">
        <h2 id="class-parameters">{words.parameters}</h2>
        {rule ? (
          <ClassParameters form={form} rule={rule} types={types} preview={quote.data} isReadOnly={isReadOnly} />
        ) : (
          <p className="soft">{words.needsRule}</p>
        )}
      </section>
      <section className="card" aria-labelledby="class-calendar">
        <h2 id="class-calendar">{words.calendar}</h2>
        <ZoneField
          label={words.zone}
          error={form.errorAt('/time_zone')}
          value={values.zone}
          onChange={(zone) => change({ zone })}
        />
        <div className="fields">
          <TextField
            label={words.startDate}
            type="date"
            isOptional
            hint={words.startHint}
            {...form.field('startDate', '/start_date')}
          />
          <TextField
            label={words.endDate}
            type="date"
            isOptional
            hint={words.endHint}
            {...form.field('endDate', '/end_date')}
          />
        </div>
      </section>
      <MoneySettings form={form} isPublished={published !== undefined} />
      <SeatSettings form={form} />
      <Repeat form={form} />
    </>
  );
  return (
    <div className="columns">
      {isReadOnly ? (
        <fieldset disabled className="stack">
          <p className="soft">{words.readOnly}</p>
          {fields}
        </fieldset>
      ) : (
        <Form form={form} submit={submit} isWide>
          {fields}
        </Form>
      )}
      <ClassQuote preview={quote} hasRule={rule !== undefined} />
    </div>
  );
}

function Repeat({ form }: Pick<ClassFormProps, 'form'>) {
  const words = useWords(adminClassesWords);
  return (
    <section className="card" aria-label={words.repeat}>
      <Select
        label={words.repeat}
        choices={[
          { value: 'refused', label: words.repeatRefused },
          { value: 'allowed', label: words.repeatAllowed },
        ]}
        {...form.field('repeat', '/repeat_enrolment')}
      />
      <Check label={words.approval} isSwitch {...form.field('needsApproval', '/approval_required')} />
    </section>
  );
}
