import type { ParameterType, SubscriptionMethod } from '../../../api/generated/operations.ts';
import { Button } from '../../../design/controls/button.tsx';
import { Check } from '../../../design/controls/check.tsx';
import { Select, TextArea, TextField } from '../../../design/controls/inputs.tsx';
import { useWords } from '../../../messages/catalogue.ts';
import { rulesWords } from '../../../messages/words.ts';
import { ParametersForm } from '../schema-form/parameters-form.tsx';
import { neededBy, needOf, newParameter, type TypedParameter } from './rule-values.ts';

export interface TemplateRowsProps {
  readonly parameters: readonly TypedParameter[];
  readonly onChange: (parameters: readonly TypedParameter[]) => void;
  readonly method: SubscriptionMethod | undefined;
  readonly types: readonly ParameterType[];
  readonly errorAt: (pointer: string) => string | undefined;
}

/** The parameters of a rule. Those that the method needs say so. */
export function TemplateRows({ parameters, onChange, method, types, errorAt }: TemplateRowsProps) {
  const words = useWords(rulesWords);
  const error = errorAt('/parameters');
  return (
    <section className="card" aria-labelledby="template">
      <h2 id="template">{words.parameters}</h2>
      <p className="soft small">{words.parametersHint}</p>
      {error && (
        <div className="field">
          <div className="error" role="alert">
            <span>{error}</span>
          </div>
        </div>
      )}
      {parameters.map((parameter, index) => (
        <TemplateRow
          key={parameter.key}
          parameter={parameter}
          index={index}
          onChange={(changed) => onChange(parameters.map((one) => (one.key === changed.key ? changed : one)))}
          onRemove={() => onChange(parameters.filter(({ key }) => key !== parameter.key))}
          need={neededBy(method).includes(parameter.name) ? (needOf(method, parameter.name) ?? '') : undefined}
          types={types}
          errorAt={errorAt}
        />
      ))}
      <div>
        <Button size="small" onClick={() => onChange([...parameters, newParameter()])}>
          {words.addParameter}
        </Button>
      </div>
    </section>
  );
}

interface TemplateRowProps extends Pick<TemplateRowsProps, 'types' | 'errorAt'> {
  readonly parameter: TypedParameter;
  readonly index: number;
  readonly onChange: (parameter: TypedParameter) => void;
  readonly onRemove: () => void;
  /** What the method says of it; undefined where it does not need it. */
  readonly need: string | undefined;
}

function TemplateRow({ parameter, index, onChange, onRemove, need, types, errorAt }: TemplateRowProps) {
  const words = useWords(rulesWords);
  const { name, type, isRequired, hasDefault, defaultValue, isFixed, choices } = parameter;
  const change = (part: Partial<TypedParameter>) => onChange({ ...parameter, ...part });
  const at = (member: string) => errorAt(`/parameters/${index}/${member}`);
  const chosen = types.find((one) => one.name === type);
  const defaultError = at('default');
  const needs = need === undefined ? undefined : <span lang="en">{`${words.needed}. ${need}`}</span>;
  return (
    <fieldset className="fieldset" aria-label={name || words.addParameter}>
      <div className="fields">
        <TextField
          label={words.name}
          hint={needs}
          error={at('name')}
          translate="no"
          readOnly={need !== undefined}
          value={name}
          onChange={(next) => change({ name: next })}
        />
        <Select
          label={words.type}
          error={at('type')}
          value={type}
          onChange={(next) => change({ type: next })}
          choices={[
            { value: '', label: words.chooseType },
            ...types.map((one) => ({ value: one.name, label: one.name })),
          ]}
        />
      </div>
      <div className="row">
        <Check label={words.required} value={isRequired} onChange={(next) => change({ isRequired: next })} />
        <Check label={words.hasDefault} value={hasDefault} onChange={(next) => change({ hasDefault: next })} />
        {hasDefault && <Check label={words.fixed} value={isFixed} onChange={(next) => change({ isFixed: next })} />}
        {need === undefined && (
          <Button size="small" look="quiet" onClick={onRemove}>
            {words.removeNamed(name)}
          </Button>
        )}
      </div>
      {(type === 'choice' || choices !== '') && (
        <TextArea
          label={words.choices}
          hint={words.choicesHint}
          error={at('choices')}
          rows={3}
          value={choices}
          onChange={(next) => change({ choices: next })}
        />
      )}
      {hasDefault && chosen && (
        <ParametersForm
          key={type}
          parameters={[
            { name: words.defaultValue, schema: chosen.schema, uiSchema: chosen.ui_schema, isRequired: false },
          ]}
          values={defaultValue === undefined ? {} : { [words.defaultValue]: defaultValue }}
          onChange={(values) => change({ defaultValue: values[words.defaultValue] })}
          {...(defaultError && { errors: [{ pointer: `/${words.defaultValue}`, message: defaultError }] })}
        />
      )}
    </fieldset>
  );
}
