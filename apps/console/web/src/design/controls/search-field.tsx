import { useEffect, useRef, useState } from 'react';
import type { FieldProps } from './field.tsx';
import { TextField } from './inputs.tsx';

const pauseMs = 300;

export interface SearchFieldProps extends FieldProps {
  /** The text that the URL has. */
  readonly value: string;
  /** Called after a pause, or at once with Enter. */
  readonly onSearch: (text: string) => void;
  readonly placeholder?: string;
}

/** A text that filters a list, as it is typed. */
export function SearchField({ value, onSearch, className, ...field }: SearchFieldProps) {
  const [typed, setTyped] = useState(value);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  // The filter was dropped, or the way back was taken.
  useEffect(() => setTyped((before) => (before.trim() === value ? before : value)), [value]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const search = (text: string) => {
    clearTimeout(timer.current);
    if (text.trim() !== value) onSearch(text.trim());
  };
  return (
    <div className={className}>
      <TextField
        {...field}
        type="search"
        autoComplete="off"
        value={typed}
        onChange={(text) => {
          setTyped(text);
          clearTimeout(timer.current);
          timer.current = setTimeout(() => search(text), pauseMs);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter') search(typed);
        }}
      />
    </div>
  );
}
