import { useEffect, useId, useState } from 'react';
import type { Quote } from '../../api/generated/operations.ts';
import { Refused } from '../../api/problems.ts';
import { useAsk } from '../../api/queries.ts';
import { announce } from '../../design/announce.ts';
import { Button } from '../../design/controls/button.tsx';
import { TextField } from '../../design/controls/inputs.tsx';
import { Icon } from '../../design/icon.tsx';
import { RetryTime } from '../../forms/form.tsx';
import { useWords } from '../../messages/catalogue.ts';
import { classesWords } from '../../messages/words.ts';
import { useProblemText } from '../../states/problem.tsx';
import { Notice } from '../../states/state.tsx';
import { CodeRefused } from '../../why/code-refusal.tsx';

export interface CodeFieldProps {
  readonly classId: string;
  readonly personId: string | null;
  readonly codes: readonly string[];
  /** The amount that the person chose. */
  readonly amount: number | undefined;
  readonly onChange: (codes: readonly string[]) => void;
}

/**
 * A promo code, checked with Enter, a paste or the button: what it gives, or why it does not work and when it would.
 * It is not checked with each letter, because the server counts misses.
 */
export function CodeField({ classId, personId, codes, amount, onChange }: CodeFieldProps) {
  const words = useWords(classesWords);
  const [typed, setTyped] = useState('');
  const [checked, setChecked] = useState<string>();
  const id = useId();
  const person = personId ? { person_id: personId } : {};
  const chosen = amount === undefined ? {} : { chosen_amount_minor: amount };
  const verdict = useAsk(
    'quoteClass',
    { path: { id: classId }, body: { ...person, ...chosen, promo_codes: [...codes, checked ?? ''] } },
    { isEnabled: checked !== undefined, isRead: 'once' },
  );
  const accepted = checked !== undefined && verdict.data?.promo_codes?.usable ? verdict.data : undefined;
  useEffect(() => {
    if (!accepted || checked === undefined) return;
    announce(words.codeAccepted(checked));
    onChange([...codes, checked]);
    setChecked(undefined);
    setTyped('');
  }, [accepted, checked, codes, onChange, words]);
  const check = (text: string) => {
    const code = text.trim();
    if (code === '') return;
    if (code === checked) void verdict.refetch();
    else setChecked(code);
  };
  return (
    <div className="stack-s">
      {codes.map((code) => (
        <AcceptedCode key={code} code={code} onRemove={() => onChange(codes.filter((other) => other !== code))} />
      ))}
      <form
        className="with-action"
        id={id}
        onSubmit={(event) => {
          event.preventDefault();
          check(typed);
        }}
      >
        <TextField
          label={words.code}
          hint={words.codeHint}
          className="code"
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          maxLength={64}
          value={typed}
          onChange={setTyped}
          onPaste={(event) => {
            event.preventDefault();
            const pasted = event.clipboardData.getData('text').trim().slice(0, 64);
            setTyped(pasted);
            check(pasted);
          }}
        />
        <Button type="submit" isBusy={verdict.isFetching}>
          {verdict.isFetching ? words.checking : words.checkCode}
        </Button>
      </form>
      {checked !== undefined && (
        <Verdict code={checked} quote={verdict.data} error={verdict.error ?? verdict.failureReason} />
      )}
    </div>
  );
}

function Verdict({
  code,
  quote,
  error,
}: {
  readonly code: string;
  readonly quote: Quote | undefined;
  readonly error: Error | null;
}) {
  const words = useWords(classesWords);
  const textOf = useProblemText();
  const refusal = quote?.promo_codes?.refusal;
  if (refusal) return <CodeRefused code={code} refusal={refusal} />;
  if (!error) return null;
  const isRefused = error instanceof Refused && !error.isAway;
  return (
    <Notice tone="warn" role="status" title={isRefused ? textOf(error.problem) : words.codesAway}>
      {isRefused && error.retryAfter !== undefined && <RetryTime error={error} />}
    </Notice>
  );
}

function AcceptedCode({ code, onRemove }: { readonly code: string; readonly onRemove: () => void }) {
  const words = useWords(classesWords);
  return (
    <div className="row-between chip">
      <code translate="no">{code.toUpperCase()}</code>
      <button type="button" className="icon-button" onClick={onRemove} aria-label={words.removeCode(code)}>
        <Icon name="close" />
      </button>
    </div>
  );
}
