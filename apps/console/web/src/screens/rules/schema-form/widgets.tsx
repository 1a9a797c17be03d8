import { ariaDescribedByIds, getInputProps, type WidgetProps } from '@rjsf/utils';
import { useState } from 'react';
import { DateTimeField } from '../../../design/aria/date-time-field.tsx';
import { TimeField } from '../../../design/aria/time-field.tsx';
import { ZoneField } from '../../../design/aria/zone-field.tsx';
import { ownZone } from '../../../format/instants.ts';
import { currencyDigits, parseMoney } from '../../../format/money.ts';
import { useWords } from '../../../messages/catalogue.ts';
import { useLocale } from '../../../messages/language.ts';
import { rulesWords } from '../../../messages/words.ts';

/** The attributes by which a control belongs to its label, hint and errors. */
function controlOf({ id, htmlName, disabled, required, autofocus, rawErrors = [] }: WidgetProps) {
  return {
    id,
    name: htmlName ?? id,
    disabled,
    'aria-required': required || undefined,
    autoFocus: autofocus,
    'aria-describedby': ariaDescribedByIds(id),
    'aria-invalid': rawErrors.length > 0 || undefined,
  };
}

/** One line: text, number, date, address. */
export function TextInput(props: WidgetProps) {
  const { value, readonly, placeholder, options, schema, type, onChange, onChangeOverride, onBlur, id } = props;
  const { type: kind, ...limits } = getInputProps(schema, type, options);
  return (
    <input
      {...controlOf(props)}
      {...limits}
      type={kind}
      className="input"
      readOnly={readonly}
      placeholder={placeholder}
      value={value ?? ''}
      onBlur={() => onBlur(id, value)}
      onChange={
        onChangeOverride ?? ((event) => onChange(event.target.value === '' ? options.emptyValue : event.target.value))
      }
    />
  );
}

export function TextareaWidget(props: WidgetProps) {
  const { value, readonly, placeholder, options, onChange } = props;
  return (
    <textarea
      {...controlOf(props)}
      className="input"
      rows={options.rows ?? 4}
      readOnly={readonly}
      placeholder={placeholder}
      value={value ?? ''}
      onChange={(event) => onChange(event.target.value === '' ? options.emptyValue : event.target.value)}
    />
  );
}

/** Values of an enumeration have any type, so options are named by their place. */
export function SelectWidget(props: WidgetProps) {
  const { id, label, value, multiple, readonly, disabled, placeholder, options, onChange } = props;
  const words = useWords(rulesWords).schemaForm;
  const choices = options.enumOptions ?? [];
  const placeOf = (one: unknown) => String(choices.findIndex((choice) => isSame(choice.value, one)));
  const valueAt = (place: string) => choices[Number(place)]?.value;
  const chosen = multiple ? ((value ?? []) as unknown[]).map(placeOf) : value === undefined ? '' : placeOf(value);
  return (
    <select
      {...controlOf(props)}
      // The choice among alternatives has no label of its own.
      aria-label={id.endsWith('of_select') ? words.alternative(label) : undefined}
      className="input"
      multiple={multiple}
      disabled={disabled || readonly}
      value={chosen}
      onChange={({ target }) => {
        const places = [...target.selectedOptions].map((option) => option.value).filter((place) => place !== '');
        onChange(
          multiple ? places.map(valueAt) : places.length > 0 ? valueAt(places[0] as string) : options.emptyValue,
        );
      }}
    >
      {!multiple && <option value="">{placeholder || '–'}</option>}
      {choices.map((choice, index) => (
        <option key={choice.label} value={String(index)}>
          {choice.label}
        </option>
      ))}
    </select>
  );
}

export function RadioWidget(props: WidgetProps) {
  const { value, options, onChange, label } = props;
  const { id, name, 'aria-required': _, ...control } = controlOf(props);
  return (
    <div className="stack-s" role="radiogroup" aria-label={label} id={id}>
      {(options.enumOptions ?? []).map((choice) => (
        <label key={choice.label} className="check">
          <input
            {...control}
            type="radio"
            name={name}
            checked={isSame(choice.value, value)}
            onChange={() => onChange(choice.value)}
          />
          <span>{choice.label}</span>
        </label>
      ))}
    </div>
  );
}

export function CheckboxesWidget(props: WidgetProps) {
  const { value, options, onChange, label } = props;
  const { id, name: _, 'aria-required': __, ...control } = controlOf(props);
  const chosen = (value ?? []) as unknown[];
  const choices = options.enumOptions ?? [];
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset stands around it already
    <div className="stack-s" role="group" aria-label={label} id={id}>
      {choices.map((choice) => (
        <label key={choice.label} className="check">
          <input
            {...control}
            type="checkbox"
            checked={chosen.some((one) => isSame(one, choice.value))}
            onChange={({ target: { checked } }) => {
              const wanted = (one: unknown) =>
                isSame(one, choice.value) ? checked : chosen.some((before) => isSame(before, one));
              onChange(choices.map((known) => known.value).filter(wanted));
            }}
          />
          <span>{choice.label}</span>
        </label>
      ))}
    </div>
  );
}

export function CheckboxWidget(props: WidgetProps) {
  const { value, label, onChange } = props;
  return (
    <label className="check">
      <input
        {...controlOf(props)}
        type="checkbox"
        checked={value === true}
        onChange={(event) => onChange(event.target.checked)}
      />
      <span>{label}</span>
    </label>
  );
}

/** The format `time` of JSON Schema has an offset (RFC 3339); a time of day is written with that of UTC. */
export function TimeWidget({ value, label, required, onChange }: WidgetProps) {
  const time = typeof value === 'string' ? value.slice(0, 5) : null;
  return (
    <TimeField
      label={label}
      isOptional={!required}
      value={time}
      onChange={(next) => onChange(next === null ? undefined : `${next}:00Z`)}
    />
  );
}

/** A time of day, as `HH:MM`. */
export function ClockWidget({ value, label, required, onChange }: WidgetProps) {
  const isTime = typeof value === 'string' && /^\d{2}:\d{2}$/.test(value);
  return (
    <TimeField
      label={label}
      isOptional={!required}
      value={isTime ? value : null}
      onChange={(next) => onChange(next ?? undefined)}
    />
  );
}

/** A number of percent. */
export function PercentWidget(props: WidgetProps) {
  return (
    <div className="affixed">
      <TextInput {...props} />
      <span className="affix">%</span>
    </div>
  );
}

export function DateTimeWidget({ value, label, required, onChange }: WidgetProps) {
  return (
    <DateTimeField
      label={label}
      isOptional={!required}
      zone={ownZone()}
      value={(value as string | undefined) ?? null}
      onChange={(next) => onChange(next ?? undefined)}
    />
  );
}

export function ZoneWidget({ value, label, required, onChange }: WidgetProps) {
  return <ZoneField label={label} isOptional={!required} value={value ?? ''} onChange={onChange} />;
}

/** An amount in minor units, typed in the notation of the currency around it. */
export function MoneyWidget(props: WidgetProps) {
  const { value, readonly, options, onChange, registry } = props;
  const locale = useLocale();
  const currency = (registry.formContext as { readonly currency?: string }).currency ?? 'EUR';
  const digits = currencyDigits(currency);
  const [typed, setTyped] = useState<string>();
  const plain = new Intl.NumberFormat(locale, { minimumFractionDigits: digits, useGrouping: false });
  return (
    <div className="affixed">
      <input
        {...controlOf(props)}
        className="input number"
        inputMode="decimal"
        readOnly={readonly}
        value={typed ?? (typeof value === 'number' ? plain.format(value / 10 ** digits) : (value ?? ''))}
        onBlur={() => setTyped(undefined)}
        onChange={({ target: { value: text } }) => {
          setTyped(text);
          onChange(text.trim() === '' ? options.emptyValue : (parseMoney(text, currency, locale) ?? text));
        }}
      />
      <span className="affix">{currency}</span>
    </div>
  );
}

function isSame(left: unknown, right: unknown): boolean {
  return left === right || JSON.stringify(left) === JSON.stringify(right);
}
