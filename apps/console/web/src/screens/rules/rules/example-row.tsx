import type { ExampleOutcome, ParameterType } from '../../../api/generated/operations.ts';
import { DateTimeField } from '../../../design/aria/date-time-field.tsx';
import { ZoneField } from '../../../design/aria/zone-field.tsx';
import { Button } from '../../../design/controls/button.tsx';
import { TextField } from '../../../design/controls/inputs.tsx';
import { useWords } from '../../../messages/catalogue.ts';
import { rulesWords } from '../../../messages/words.ts';
import { Notice } from '../../../states/state.tsx';
import { ParametersForm } from '../schema-form/parameters-form.tsx';
import { parametersOf } from '../schema-form/use-parameters.ts';
import { ExampleResult } from './example-result.tsx';
import { type TypedExample, type TypedParameter, templateOf } from './rule-values.ts';

export interface ExampleRowProps {
  readonly example: TypedExample;
  readonly position: number;
  readonly template: readonly TypedParameter[];
  readonly types: readonly ParameterType[];
  readonly outcome: ExampleOutcome | undefined;
  /** What publishing has said of the whole example. */
  readonly error: string | undefined;
  readonly errorAt: (member: string) => string | undefined;
  readonly onChange: (example: TypedExample) => void;
  readonly onRemove: () => void;
}

/** One golden example: its inputs, what it expects, and how it comes out now. */
export function ExampleRow(props: ExampleRowProps) {
  const { example, position, template, types, outcome, error, errorAt, onChange, onRemove } = props;
  const words = useWords(rulesWords);
  const change = (part: Partial<TypedExample>) => onChange({ ...example, ...part });
  const text = (name: keyof TypedExample & string, member: string) => ({
    error: errorAt(member),
    value: example[name] as string,
    onChange: (value: string) => change({ [name]: value }),
  });
  const quote = outcome?.holds === false ? outcome.quote : null;
  const wrong = outcome?.refusal?.field.startsWith('/parameters/') ? outcome.refusal : undefined;
  return (
    <fieldset className="fieldset card" aria-label={words.example(position)}>
      <strong aria-hidden>{words.example(position)}</strong>
      {error && <Notice tone="bad" role="alert" title={error} />}
      <TextField label={words.title} {...text('title', 'title')} />
      <ParametersForm
        parameters={parametersOf(templateOf(template), types)}
        values={example.parameters}
        onChange={(parameters) => change({ parameters })}
        currency={example.currency}
        errors={wrong ? [{ pointer: wrong.field.slice('/parameters'.length), message: wrong.message }] : []}
      />
      <div className="fields">
        <ZoneField
          label={words.zone}
          error={errorAt('time_zone')}
          value={example.zone}
          onChange={(zone) => change({ zone })}
        />
        <DateTimeField
          label={words.orderedAt}
          error={errorAt('ordered_at')}
          zone={example.zone}
          value={example.orderedAt}
          onChange={(orderedAt) => change({ orderedAt })}
        />
      </div>
      <div className="fields">
        <TextField label={words.currency} maxLength={3} translate="no" {...text('currency', 'currency')} />
        <TextField label={words.classStart} type="date" isOptional {...text('classStart', 'class_start')} />
        <TextField label={words.classEnd} type="date" isOptional {...text('classEnd', 'class_end')} />
      </div>
      <div className="fields">
        <TextField label={words.seats} isOptional inputMode="numeric" {...text('seats', 'seats')} />
        <TextField
          label={words.chosenAmount}
          isOptional
          inputMode="numeric"
          {...text('chosenAmount', 'chosen_amount_minor')}
        />
      </div>
      <div className="fields">
        <TextField label={words.expectAmount} inputMode="numeric" {...text('amount', 'expect/amount_minor')} />
        <TextField label={words.expectStart} type="date" {...text('start', 'expect/start_date')} />
        <TextField
          label={words.expectEnd}
          type="date"
          isOptional
          hint={words.openEnd}
          {...text('end', 'expect/end_date')}
        />
      </div>
      <ExampleResult outcome={outcome} />
      <div className="row">
        {quote && (
          <Button
            size="small"
            onClick={() =>
              change({ amount: String(quote.amount_minor), start: quote.start_date, end: quote.end_date ?? '' })
            }
          >
            {words.takeResult}
          </Button>
        )}
        <Button size="small" look="quiet" onClick={onRemove}>
          {words.removeNamed(example.title || words.example(position))}
        </Button>
      </div>
    </fieldset>
  );
}
