import { type ReactNode, useEffect, useRef } from 'react';
import { Button } from '../design/controls/button.tsx';
import { Countdown } from '../design/data/countdown.tsx';
import { serverNow } from '../format/server-clock.ts';
import { useWords } from '../messages/catalogue.ts';
import { shellWords } from '../messages/words.ts';
import { TraceId, useProblemText } from '../states/problem.tsx';
import { Notice } from '../states/state.tsx';
import type { FormState } from './use-form.ts';

export interface FormProps {
  readonly form: FormState;
  readonly submit: string;
  readonly look?: 'primary' | 'danger';
  readonly isWide?: boolean;
  /** Beside the button that submits, such as Cancel. */
  readonly actions?: ReactNode;
  /** The next step after a refusal, by its code. */
  readonly nextStep?: (code: string, details: Readonly<Record<string, unknown>>) => ReactNode;
  readonly children?: ReactNode;
}

/** A form with its refusals atop, its fields, and Repeat in place of the button when no answer came. */
export function Form({ form, submit, look = 'primary', isWide, actions, nextStep, children }: FormProps) {
  const words = useWords(shellWords);
  const element = useRef<HTMLFormElement>(null);
  const { refused } = form;
  // The first field at fault gets the focus; without one the message is read as an alert.
  useEffect(() => {
    if (refused) element.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [refused]);
  return (
    <form
      ref={element}
      className={isWide ? 'form wide' : 'form'}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        // What cannot be read has no value, and would be sent as nothing: a refund without an amount is one of all.
        const unreadable = event.currentTarget.querySelector<HTMLElement>('[data-unreadable]');
        if (unreadable) unreadable.focus();
        else form.submit();
      }}
    >
      {form.isUnanswered ? <Unanswered form={form} /> : <FormProblem form={form} nextStep={nextStep} />}
      {children && (
        <fieldset disabled={form.isUnanswered} className="stack">
          {children}
        </fieldset>
      )}
      <div className="form-actions">
        {form.isUnanswered ? (
          <Button type="submit" look="primary" isBusy={form.isSending}>
            {form.isSending ? words.working : words.repeat}
          </Button>
        ) : (
          <Button type="submit" look={look} isBusy={form.isSending}>
            {form.isSending ? words.working : submit}
          </Button>
        )}
        {actions}
      </div>
    </form>
  );
}

function Unanswered({ form }: { readonly form: FormState }) {
  const words = useWords(shellWords);
  return (
    <Notice tone="warn" role="alert" title={words.noAnswerTitle}>
      <p className="small">{words.noAnswerText}</p>
      <TraceId error={form.refused} />
    </Notice>
  );
}

/** Why the form was refused: the sentence, the errors of no field, when it is possible again, and the next step. */
export function FormProblem({ form, nextStep }: Pick<FormProps, 'form' | 'nextStep'>) {
  const words = useWords(shellWords);
  const textOf = useProblemText();
  const { refused, unclaimed } = form;
  if (!refused || refused.status === 401) return null;
  const errors = refused.problem.errors ?? [];
  const isOnFields = errors.length > 0 && unclaimed.length === 0;
  return (
    <Notice tone="bad" role="alert" title={isOnFields ? words.formErrors(errors.length) : words.formRefused}>
      {!isOnFields && <p>{textOf(refused.problem)}</p>}
      {unclaimed.length > 0 && errors.length > 0 && (
        <ul>
          {unclaimed.map(({ field, message }) => (
            <li key={field}>
              <code>{field}</code> {message}
            </li>
          ))}
        </ul>
      )}
      {refused.retryAfter !== undefined && <RetryTime error={refused} />}
      {nextStep?.(refused.code, (refused.problem.details ?? {}) as Record<string, unknown>)}
      <TraceId error={refused} />
    </Notice>
  );
}

/** When a refusal by a limit ends. */
export function RetryTime({ error }: { readonly error: { readonly retryAfter: number | undefined } }) {
  const words = useWords(shellWords);
  const at = useRef<string>(undefined);
  at.current ??= new Date(serverNow() + (error.retryAfter ?? 0) * 1000).toISOString();
  const [before, after] = words.retryIn('\n').split('\n');
  return (
    <p className="small">
      {before}
      <Countdown to={at.current} />
      {after}
    </p>
  );
}
