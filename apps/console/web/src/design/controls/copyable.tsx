import { useState } from 'react';
import { shortId } from '../../format/short-id.ts';
import { useWords } from '../../messages/catalogue.ts';
import { shellWords } from '../../messages/words.ts';
import { announce } from '../announce.ts';
import { Icon } from '../icon.tsx';

export interface CopyableProps {
  readonly value: string;
  /** What it is, for the name of the button: "Copy order id". */
  readonly name: string;
  /** Shows the last characters only, where there is little room. */
  readonly isShort?: boolean;
}

/** An id or a code, with a button that copies all of it. */
export function Copyable({ value, name, isShort }: CopyableProps) {
  const words = useWords(shellWords);
  const [isCopied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(value);
    setCopied(true);
    announce(words.copied);
    setTimeout(() => setCopied(false), 2_000);
  };
  return (
    <span className="copyable">
      <code translate="no" title={isShort ? value : undefined}>
        {isShort ? shortId(value) : value}
      </code>
      <button type="button" className="icon-button" onClick={copy} aria-label={words.copyOf(name)}>
        <Icon name={isCopied ? 'check' : 'copy'} />
      </button>
    </span>
  );
}
