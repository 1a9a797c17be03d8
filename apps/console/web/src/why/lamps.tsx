import type { ReactNode } from 'react';
import { useWords } from '../messages/catalogue.ts';
import { whyWords } from '../messages/words.ts';

export interface Lamp {
  readonly name: string;
  readonly isLit: boolean;
  /** What is so, in words; the lamp only supports them. */
  readonly text: string;
  readonly more?: ReactNode;
}

/** What something needs, one lamp each: lit is there, unlit is missing. */
export function Lamps({ label, lamps }: { readonly label: string; readonly lamps: readonly Lamp[] }) {
  const words = useWords(whyWords);
  return (
    <ul className="lamps" aria-label={label}>
      {lamps.map(({ name, isLit, text, more }) => (
        <li key={name} className={isLit ? 'lit' : 'unlit'}>
          <span className="soft small">{name}</span>
          <span className="strong">
            {text} <span className="visually-hidden">({isLit ? words.lit : words.unlit})</span>
          </span>
          {more && <span className="soft small">{more}</span>}
        </li>
      ))}
    </ul>
  );
}
