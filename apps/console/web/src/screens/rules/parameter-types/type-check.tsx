import { useRef } from 'react';
import { useAsk } from '../../../api/queries.ts';
import { Status } from '../../../design/data/status.tsx';
import { useWords } from '../../../messages/catalogue.ts';
import { rulesWords } from '../../../messages/words.ts';
import { ProblemState } from '../../../states/problem.tsx';
import { Notice } from '../../../states/state.tsx';
import type { TypedJson } from '../json-text.ts';
import { writeJson } from '../json-text.ts';
import { ParametersForm } from '../schema-form/parameters-form.tsx';
import { useDebounced } from '../use-debounced.ts';

type JsonObject = Readonly<Record<string, unknown>>;

/** What the server says of a schema, its presentation and a value, a moment after the last key. */
export function useTypeCheck(schema: TypedJson, uiSchema: TypedJson, value: unknown) {
  // The form is made of the schema that the server took last; a page begins with one that is sound.
  const taken = useRef(schema.object);
  const typed = useDebounced({
    schema: schema.object,
    ui_schema: uiSchema.object,
    ...(value === undefined ? {} : { value }),
  });
  const isReadable = typed.schema !== undefined && typed.ui_schema !== undefined;
  const body = { ...typed, schema: typed.schema ?? {} };
  const query = useAsk('checkParameterType', { body }, { isEnabled: isReadable, keepsPrevious: true });
  const isBroken = query.data?.errors.some(({ field }) => /^\/schema\b/.test(field)) ?? false;
  if (query.data && !query.isPlaceholderData && !isBroken) taken.current = typed.schema;
  return { query, soundSchema: isBroken ? undefined : taken.current };
}

export type TypeCheck = ReturnType<typeof useTypeCheck>;

/** The faults of one part of the request, with their places inside it. */
export function faultsAt({ query }: TypeCheck, part: 'schema' | 'ui_schema' | 'value') {
  const errors = query.data?.errors ?? [];
  return errors
    .filter(({ field }) => field === `/${part}` || field.startsWith(`/${part}/`))
    .map((error) => ({ ...error, pointer: error.field.slice(part.length + 1) }));
}

/** The form that a schema makes, with what the server says of the value typed in it. */
export function LiveForm({
  name,
  uiSchema,
  value,
  onChange,
  check,
}: {
  readonly name: string;
  readonly uiSchema: JsonObject | undefined;
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
  readonly check: TypeCheck;
}) {
  const words = useWords(rulesWords);
  const label = name || words.value;
  const { query, soundSchema } = check;
  return (
    <section className="card aside" aria-labelledby="live-form">
      <h2 id="live-form">{words.liveForm}</h2>
      <p className="soft small">{words.liveFormHint}</p>
      {soundSchema ? (
        <ParametersForm
          key={JSON.stringify(soundSchema)}
          parameters={[{ name: label, schema: soundSchema, uiSchema, isRequired: true }]}
          values={value === undefined ? {} : { [label]: value }}
          onChange={(values) => onChange(values[label])}
          currency="EUR"
        />
      ) : (
        <p className="hint">{words.noForm}</p>
      )}
      <div>
        <h3>{words.value}</h3>
        <pre translate="no">{value === undefined ? words.noValue : writeJson(value)}</pre>
      </div>
      <div aria-live="polite">
        <Verdict query={query} hasValue={value !== undefined} />
      </div>
    </section>
  );
}

function Verdict({ query, hasValue }: { readonly query: TypeCheck['query']; readonly hasValue: boolean }) {
  const words = useWords(rulesWords);
  const problem = query.error ?? query.failureReason;
  if (problem) return <ProblemState error={problem} retry={() => void query.refetch()} attempt={query.failureCount} />;
  if (!query.data) return <Status>{words.checking}</Status>;
  if (query.data.accepted) {
    return <Status tone="good">{hasValue ? words.serverTakes : words.serverTakesSchema}</Status>;
  }
  return (
    <Notice tone="bad" title={words.serverRefuses}>
      <ul className="bullets">
        {query.data.errors.map(({ field, message }) => (
          <li key={field + message}>
            <code translate="no">{field}</code> <span lang="en">{message}</span>
          </li>
        ))}
      </ul>
    </Notice>
  );
}
