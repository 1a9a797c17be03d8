import type { InputHTMLAttributes, ReactNode, SelectHTMLAttributes, TextareaHTMLAttributes } from 'react';
import { Field, type FieldProps } from './field.tsx';

interface Bound<Value> {
  readonly value: Value;
  readonly onChange: (value: Value) => void;
}

type Attributes<Element, Given> = Omit<Element, 'value' | 'onChange' | 'id' | keyof Given>;

export type TextFieldProps = FieldProps &
  Bound<string> &
  Attributes<InputHTMLAttributes<HTMLInputElement>, FieldProps> & { readonly affix?: ReactNode };

/** One line of text; `type` may be any textual one of HTML, also `search`, `email`, `date`. */
export function TextField(props: TextFieldProps) {
  const { label, hint, error, isOptional, isLabelHidden, className, affix, value, onChange, type, ...rest } = props;
  return (
    <Field {...{ label, hint, error, isOptional, isLabelHidden }}>
      {(control) => {
        const input = (
          <input
            {...rest}
            {...control}
            type={type ?? 'text'}
            className={['input', className].filter(Boolean).join(' ')}
            value={value}
            onChange={(event) => onChange(event.target.value)}
          />
        );
        return affix ? (
          <div className="affixed">
            {input}
            <span className="affix">{affix}</span>
          </div>
        ) : (
          input
        );
      }}
    </Field>
  );
}

export type TextAreaProps = FieldProps &
  Bound<string> &
  Attributes<TextareaHTMLAttributes<HTMLTextAreaElement>, FieldProps>;

/** Several lines of text. */
export function TextArea(props: TextAreaProps) {
  const { label, hint, error, isOptional, isLabelHidden, className, value, onChange, ...rest } = props;
  return (
    <Field {...{ label, hint, error, isOptional, isLabelHidden }}>
      {(control) => (
        <textarea
          {...rest}
          {...control}
          className={['input', className].filter(Boolean).join(' ')}
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}

export interface Choice<Value extends string> {
  readonly value: Value;
  readonly label: string;
}

export type SelectProps<Value extends string> = FieldProps &
  Bound<Value> &
  Attributes<SelectHTMLAttributes<HTMLSelectElement>, FieldProps> & { readonly choices: readonly Choice<Value>[] };

/** One of a few values; the native control of each device. */
export function Select<Value extends string>(props: SelectProps<Value>) {
  const { label, hint, error, isOptional, isLabelHidden, className, value, onChange, choices, ...rest } = props;
  return (
    <Field {...{ label, hint, error, isOptional, isLabelHidden, className }}>
      {(control) => (
        <select
          {...rest}
          {...control}
          className="input"
          value={value}
          onChange={(event) => onChange(event.target.value as Value)}
        >
          {choices.map((choice) => (
            <option key={choice.value} value={choice.value}>
              {choice.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
