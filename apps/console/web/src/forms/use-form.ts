import { useMemo, useRef, useState } from 'react';
import { type AnswerOf, ask, type OperationId, type RequestOf } from '../api/ask.ts';
import type { Problem } from '../api/generated/operations.ts';
import { isAway, NoAnswer, Refused } from '../api/problems.ts';
import { useStaleAll } from '../api/queries.ts';
import { useProblemText } from '../states/problem.tsx';

type FieldError = NonNullable<Problem['errors']>[number];

export interface FormOptions<Id extends OperationId, Values extends object> {
  readonly operation: Id;
  readonly initial: Values;
  /** The request for what was typed; `key` is for an operation that takes an Idempotency-Key. */
  readonly request: (values: Values, key: string) => RequestOf<Id>;
  readonly onDone: (answer: AnswerOf<Id>, values: Values) => void | Promise<void>;
  /** Called with a refusal before it is shown, such as PROMO_CODE_CHANGED, which needs a screen of its own. */
  readonly onRefused?: (refused: Refused) => void;
}

export interface Bound<Value> {
  readonly name: string;
  readonly value: Value;
  readonly onChange: (value: Value) => void;
  readonly error: string | undefined;
}

/** A form as `Form` shows it. */
export interface FormState {
  readonly isSending: boolean;
  readonly refused: Refused | undefined;
  /** The request was sent and no answer came: it can only be repeated. */
  readonly isUnanswered: boolean;
  /** The errors of no field of this form. */
  readonly unclaimed: readonly FieldError[];
  readonly submit: () => void;
}

export interface FormHandle<Values extends object> extends FormState {
  readonly values: Values;
  readonly change: (change: Partial<Values>) => void;
  /** Binds a control to a value; `pointer` names the member of the request's body, `/name` unless given. */
  readonly field: <Name extends keyof Values & string>(name: Name, pointer?: string) => Bound<Values[Name]>;
  /** The error at a pointer, for what is no plain field. */
  readonly errorAt: (pointer: string) => string | undefined;
  readonly reset: (values?: Values) => void;
}

/**
 * A form around one operation. It mints its Idempotency-Key when it opens, and another one after an answer that
 * decided. Without an answer the key is kept, so that `Repeat` cannot act twice. What was typed is never lost.
 */
export function useForm<Id extends OperationId, Values extends object>(
  options: FormOptions<Id, Values>,
): FormHandle<Values> {
  const [values, setValues] = useState(options.initial);
  const [isSending, setSending] = useState(false);
  const [failure, setFailure] = useState<Refused | NoAnswer>();
  const key = useRef<string>(undefined);
  key.current ??= crypto.randomUUID();
  const textOf = useProblemText();
  const staleAll = useStaleAll();
  const sending = useRef(false);
  const unanswered = useRef<RequestOf<Id>>(undefined);
  const claimed = useRef(new Set<string>());
  claimed.current = new Set();
  const refused = failure instanceof Refused ? failure : undefined;
  const errors = useMemo(() => refused?.problem.errors ?? fieldOf(refused?.problem), [refused]);

  const send = async () => {
    if (sending.current) return;
    sending.current = true;
    setSending(true);
    setFailure(undefined);
    // What the page knows may have changed since: under the key only the same request is a repeat of it.
    const request = unanswered.current ?? options.request(values, key.current as string);
    try {
      const answer = await ask(options.operation, request);
      unanswered.current = undefined;
      key.current = crypto.randomUUID();
      await staleAll();
      await options.onDone(answer, values);
    } catch (error) {
      if (!(error instanceof Refused || error instanceof NoAnswer)) throw error;
      unanswered.current = isAway(error) ? request : undefined;
      // A refusal decided, and its key would only bring the same refusal again.
      if (error instanceof Refused && decides(error)) key.current = crypto.randomUUID();
      if (error instanceof Refused) options.onRefused?.(error);
      setFailure(error);
    } finally {
      sending.current = false;
      setSending(false);
    }
  };

  const errorAt = (pointer: string) => {
    claimed.current.add(pointer);
    const found = errors.find(({ field }) => field === pointer);
    return found && textOf({ code: found.code, detail: found.message });
  };
  return {
    values,
    isSending,
    refused,
    isUnanswered: failure !== undefined && isAway(failure),
    get unclaimed() {
      return errors.filter(({ field }) => !claimed.current.has(field));
    },
    submit: () => void send(),
    change: (change) => setValues((before) => ({ ...before, ...change })),
    errorAt,
    field: (name, pointer = `/${name}`) => ({
      name,
      value: values[name],
      onChange: (value) => setValues((before) => ({ ...before, [name]: value })),
      error: errorAt(pointer),
    }),
    reset: (next = options.initial) => {
      setValues(next);
      setFailure(undefined);
      unanswered.current = undefined;
      key.current = crypto.randomUUID();
    },
  };
}

/** Whether the answer is final for its key: no server was away, nobody was signed out, no limit was reached. */
function decides({ status }: Refused): boolean {
  return status < 500 && status !== 401 && status !== 408 && status !== 429;
}

function fieldOf(problem: Problem | undefined): readonly FieldError[] {
  return problem?.field ? [{ field: problem.field, code: problem.code, message: problem.detail }] : [];
}
