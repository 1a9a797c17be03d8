import { Link } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { isAway, Refused, secondsToRetry } from '../api/problems.ts';
import { Button, buttonClass } from '../design/controls/button.tsx';
import { Copyable } from '../design/controls/copyable.tsx';
import { formatsOf } from '../format/translate-sentences.ts';
import { useWords } from '../messages/catalogue.ts';
import { useLocale } from '../messages/language.ts';
import { refusalWords, shellWords } from '../messages/words.ts';
import { State } from './state.tsx';

/** The sentence of a refusal in the reader's language, or the server's own. */
export function useProblemText(): (problem: {
  readonly code: string;
  readonly detail: string;
  readonly details?: object | undefined;
}) => string {
  const refusals = useWords(refusalWords);
  const locale = useLocale();
  return ({ code, detail, details }) => {
    const known = refusals[code];
    if (known === undefined) return detail;
    return typeof known === 'string' ? known : known((details ?? {}) as Record<string, unknown>, formatsOf(locale));
  };
}

/** The id by which operators find this request in their logs. */
export function TraceId({ error }: { readonly error: unknown }) {
  const words = useWords(shellWords);
  const trace = error instanceof Refused ? error.problem.trace_id : undefined;
  if (!trace) return null;
  return (
    <span className="soft small">
      {words.trace} <Copyable value={trace} name={words.trace} />
    </span>
  );
}

/** Why a part of a page cannot be shown: away, not yours, refused, or a fault of the page. */
export function ProblemState({
  error,
  retry,
  attempt = 0,
}: {
  readonly error: unknown;
  readonly retry?: () => void;
  readonly attempt?: number;
}) {
  const words = useWords(shellWords);
  const textOf = useProblemText();
  if (isAway(error)) return <Away error={error} retry={retry} attempt={attempt} />;
  if (error instanceof Refused && (error.status === 404 || error.status === 403)) return <NotYours error={error} />;
  if (error instanceof Refused) {
    return (
      <State icon="alert" title={words.refusedTitle}>
        <p>{textOf(error.problem)}</p>
        {retry && <Button onClick={retry}>{words.tryNow}</Button>}
        <TraceId error={error} />
      </State>
    );
  }
  return (
    <State icon="alert" title={words.brokenTitle}>
      <p>{words.brokenText}</p>
      <Button onClick={() => window.location.reload()}>{words.reload}</Button>
    </State>
  );
}

function Away({
  error,
  retry,
  attempt,
}: {
  readonly error: unknown;
  readonly retry: (() => void) | undefined;
  readonly attempt: number;
}) {
  const words = useWords(shellWords);
  const [left, setLeft] = useState(0);
  // Each failed attempt brings an error object of its own, and begins the wait anew.
  useEffect(() => {
    setLeft(Math.ceil(secondsToRetry(error, Math.max(0, attempt - 1))));
    const timer = setInterval(() => setLeft((seconds) => Math.max(0, seconds - 1)), 1_000);
    return () => clearInterval(timer);
  }, [error, attempt]);
  return (
    <State icon="away" title={words.awayTitle}>
      <p>{words.awayText}</p>
      <p className="small number" aria-live="off">
        {left > 0 ? words.awayRetry(left) : words.awayNow}
      </p>
      {retry && <Button onClick={retry}>{words.tryNow}</Button>}
      <TraceId error={error} />
    </State>
  );
}

/** A page of another person, of another role, or of nobody. */
export function NotYours({ error }: { readonly error?: Refused }) {
  const words = useWords(shellWords);
  return (
    <State icon="lock" title={words.notFoundTitle}>
      <p>{words.notFoundText}</p>
      <Link to="/" className={buttonClass()}>
        {words.notFoundNext}
      </Link>
      <TraceId error={error} />
    </State>
  );
}
