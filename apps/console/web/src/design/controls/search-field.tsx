import { useEffect, useRef, useState } from 'react';
import { isId } from '../../format/short-id.ts';
import { useWords } from '../../messages/catalogue.ts';
import { shellWords } from '../../messages/words.ts';
import type { FieldProps } from './field.tsx';
import { TextField } from './inputs.tsx';

const pauseMs = 300;

export interface SearchFieldProps extends FieldProps {
  /** The text that the URL has. */
  readonly value: string;
  /** Called after a pause, or at once with Enter. */
  readonly onSearch: (text: string) => void;
  readonly placeholder?: string;
  /** What is wrong with a text that cannot be found as it is; it is not searched. */
  readonly check?: (text: string) => string | undefined;
}

/** A text that filters a list, as it is typed. */
export function SearchField({ value, onSearch, className, check, error, ...field }: SearchFieldProps) {
  const [typed, setTyped] = useState(value);
  const [fault, setFault] = useState<string>();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  // The filter was dropped, or the way back was taken.
  useEffect(() => setTyped((before) => (before.trim() === value ? before : value)), [value]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const search = (text: string) => {
    clearTimeout(timer.current);
    const found = text.trim() === '' ? undefined : check?.(text.trim());
    setFault(found);
    if (found === undefined && text.trim() !== value) onSearch(text.trim());
  };
  return (
    <div className={['searching', className].filter(Boolean).join(' ')}>
      <TextField
        {...field}
        error={fault ?? error}
        type="search"
        autoComplete="off"
        value={typed}
        onChange={(text) => {
          setTyped(text);
          clearTimeout(timer.current);
          timer.current = setTimeout(() => search(text), pauseMs);
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Enter') return;
          // A form around it is about what was chosen, not about what is looked for.
          event.preventDefault();
          search(typed);
        }}
      />
    </div>
  );
}

/** The id of one thing, by which a list is filtered; it is not searched before it is whole. */
export function IdField(field: SearchFieldProps) {
  const words = useWords(shellWords);
  return <SearchField {...field} check={(text) => (isId(text) ? undefined : words.notId)} />;
}
