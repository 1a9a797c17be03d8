import { useState } from 'react';
import { currencyDigits, parseMoney } from '../../format/money.ts';
import { useWords } from '../../messages/catalogue.ts';
import { useLocale } from '../../messages/language.ts';
import { shellWords } from '../../messages/words.ts';
import type { FieldProps } from './field.tsx';
import { TextField } from './inputs.tsx';

interface NumberProps extends FieldProps {
  /** Null while nothing, or nothing usable, is typed. */
  readonly value: number | null;
  readonly onChange: (value: number | null) => void;
}

/** A whole number. Null is nothing typed: a limit that may be absent has a switch beside it, never a 0. */
export function NumberField({ value, onChange, ...field }: NumberProps) {
  const words = useWords(shellWords);
  const read = (text: string) => (/^\s*-?\d+\s*$/.test(text) ? Number(text) : undefined);
  return <Typed {...field} {...{ value, onChange, read }} write={String} wrong={words.notNumber} inputMode="numeric" />;
}

/** An amount of a currency, in minor units; typed with point or comma. */
export function MoneyField({ value, onChange, currency, ...field }: NumberProps & { readonly currency: string }) {
  const words = useWords(shellWords);
  const locale = useLocale();
  return (
    <Typed
      {...field}
      {...{ value, onChange }}
      read={(text) => parseMoney(text, currency, locale)}
      write={(minor) => (minor / 10 ** currencyDigits(currency)).toFixed(currencyDigits(currency))}
      wrong={words.notAmount(currency)}
      affix={currency}
      inputMode="decimal"
    />
  );
}

interface TypedProps extends NumberProps {
  readonly read: (text: string) => number | undefined;
  readonly write: (value: number) => string;
  readonly wrong: string;
  readonly affix?: string;
  readonly inputMode: 'numeric' | 'decimal';
}

/** Keeps the text as it was typed, also where it is no number. */
function Typed({ value, onChange, read, write, wrong, error, ...field }: TypedProps) {
  const [text, setText] = useState(value === null ? '' : write(value));
  const known = text.trim() === '' ? null : (read(text) ?? null);
  // The form was reset, or the value was set by something else.
  const shown = known === value ? text : value === null ? '' : write(value);
  const isWrong = shown.trim() !== '' && read(shown) === undefined;
  return (
    <TextField
      {...field}
      className="number"
      data-unreadable={isWrong || undefined}
      autoComplete="off"
      value={shown}
      error={isWrong ? wrong : error}
      onChange={(typed) => {
        setText(typed);
        onChange(typed.trim() === '' ? null : (read(typed) ?? null));
      }}
    />
  );
}
