import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { ParameterType, SubscriptionMethod, SubscriptionRule } from '../../../api/generated/operations.ts';
import { useAsk, useRefresh } from '../../../api/queries.ts';
import { Select, TextArea, TextField } from '../../../design/controls/inputs.tsx';
import { Form } from '../../../forms/form.tsx';
import { useForm } from '../../../forms/use-form.ts';
import { useWords } from '../../../messages/catalogue.ts';
import { rulesWords } from '../../../messages/words.ts';
import { ProblemState } from '../../../states/problem.tsx';
import { useDebounced } from '../use-debounced.ts';
import { ExampleRows } from './example-rows.tsx';
import { bodyOf, canRun, type RuleValues, templateOf, valuesOf, withNeeds } from './rule-values.ts';
import { TemplateRows } from './template-rows.tsx';

type Sample = SubscriptionMethod['samples'][number];

export interface RuleFormProps {
  readonly initial: RuleValues;
  /** The newest version, when the form makes the next one. */
  readonly next?: SubscriptionRule;
  readonly methods: readonly SubscriptionMethod[];
  readonly types: readonly ParameterType[];
}

/** A version of a rule: its method and what it needs, its template, and golden examples that run while one types. */
export function RuleForm({ initial, next, methods, types }: RuleFormProps) {
  const words = useWords(rulesWords);
  const navigate = useNavigate();
  const refresh = useRefresh();
  const onDone = async ({ rule_id: id }: SubscriptionRule) => {
    await refresh('getRule', 'listRules');
    await navigate({ to: '/rules/$id', params: { id } });
  };
  const first = useForm({
    operation: 'publishRule',
    initial,
    request: (values, key) => ({ key, body: bodyOf(values) }),
    onDone,
  });
  const later = useForm({
    operation: 'publishRuleVersion',
    initial,
    request: (values, key) => ({ key, path: { id: next?.rule_id ?? '' }, body: bodyOf(values) }),
    onDone,
  });
  const form = next ? later : first;
  const { values, change } = form;
  const method = methods.find(({ name }) => name === values.method);
  const preview = useDraftPreview(values);
  const choose = (name: string) => {
    const chosen = methods.find((one) => one.name === name);
    change({ method: name, parameters: withNeeds(values.parameters, chosen) });
  };
  const choices = [{ value: '', label: '–' }, ...methods.map(({ name }) => ({ value: name, label: name }))];
  return (
    <Form form={form} submit={next ? words.publishVersion(next.version + 1) : words.publish} isWide>
      <section className="card" aria-labelledby="rule-terms">
        <h2 id="rule-terms">{words.terms}</h2>
        {!next && <Samples methods={methods} onChoose={(sample) => change(valuesOf(sample))} />}
        <TextField label={words.title} {...form.field('title')} />
        <TextArea label={words.description} isOptional {...form.field('description')} />
        <Select
          label={words.method}
          hint={method && <span lang="en">{method.about}</span>}
          choices={choices}
          {...form.field('method')}
          onChange={choose}
        />
      </section>
      <TemplateRows
        parameters={values.parameters}
        onChange={(parameters) => change({ parameters })}
        method={method}
        types={types}
        errorAt={form.errorAt}
      />
      <ExampleRows
        values={values}
        onChange={(examples) => change({ examples })}
        types={types}
        errorAt={form.errorAt}
        outcomes={preview.outcomes}
      />
      {preview.problem && <ProblemState error={preview.problem} retry={preview.retry} />}
    </Form>
  );
}

/** Whole rules to begin with. */
function Samples({
  methods,
  onChoose,
}: {
  readonly methods: readonly SubscriptionMethod[];
  readonly onChoose: (sample: Sample) => void;
}) {
  const words = useWords(rulesWords);
  const [title, setTitle] = useState('');
  const samples = methods.flatMap((method) => method.samples);
  return (
    <Select
      label={words.sample}
      hint={words.sampleHint}
      isOptional
      value={title}
      choices={[
        { value: '', label: words.noSample },
        ...samples.map((sample) => ({ value: sample.title, label: sample.title })),
      ]}
      onChange={(next) => {
        setTitle(next);
        const chosen = samples.find((sample) => sample.title === next);
        if (chosen) onChoose(chosen);
      }}
    />
  );
}

/** What each example that can run gives, by its key, a moment after the last key was typed. */
function useDraftPreview({ method, parameters, examples }: RuleValues) {
  const runnable = useDebounced(examples.filter(canRun));
  const template = useDebounced(templateOf(parameters));
  const isReady = method !== '' && runnable.length > 0 && template.every(({ name, type }) => name && type);
  const { examples: bodies } = bodyOf({ title: '', description: '', method, parameters: [], examples: runnable });
  const body = { method, parameters: template, examples: bodies };
  const preview = useAsk('previewRule', { body }, { isEnabled: isReady, keepsPrevious: true });
  const outcomes = new Map(
    preview.isPlaceholderData || !isReady
      ? []
      : (preview.data?.examples ?? []).map((outcome, index) => [runnable[index]?.key ?? '', outcome] as const),
  );
  return { outcomes, problem: isReady ? preview.error : null, retry: () => void preview.refetch() };
}
