import { useState } from 'react';
import type { FieldProps } from '../../../design/controls/field.tsx';
import { TextField } from '../../../design/controls/inputs.tsx';
import { useWords } from '../../../messages/catalogue.ts';
import { shellWords } from '../../../messages/words.ts';

/** A percentage with at most two decimals, as hundredths of a percent; typed with point or comma. */
export function PercentField({
  value,
  onChange,
  error,
  ...field
}: FieldProps & {
  readonly value: number | null;
  readonly onChange: (value: number | null) => void;
  readonly name?: string;
}) {
  const [text, setText] = useState(value === null ? '' : String(value / 100));
  const words = useWords(shellWords);
  const shown = read(text) === value ? text : value === null ? '' : String(value / 100);
  const isWrong = shown.trim() !== '' && read(shown) === null;
  return (
    <TextField
      {...field}
      className="number"
      data-unreadable={isWrong || undefined}
      inputMode="decimal"
      autoComplete="off"
      affix="%"
      value={shown}
      error={isWrong ? words.notNumber : error}
      onChange={(typed) => {
        setText(typed);
        onChange(read(typed));
      }}
    />
  );
}

function read(text: string): number | null {
  const [, whole, fraction = ''] = /^\s*(\d{1,3})(?:[.,](\d{0,2}))?\s*$/.exec(text) ?? [];
  return whole === undefined ? null : Number(whole) * 100 + Number(fraction.padEnd(2, '0'));
}
