import { Link, useNavigate } from '@tanstack/react-router';
import { TextField } from '../../../design/controls/inputs.tsx';
import { NumberField } from '../../../design/controls/number-fields.tsx';
import { ownZone } from '../../../format/instants.ts';
import { Form } from '../../../forms/form.tsx';
import { useForm } from '../../../forms/use-form.ts';
import { useWords } from '../../../messages/catalogue.ts';
import { promoCodesWords } from '../../../messages/words.ts';
import { Page } from '../../../shell/page.tsx';
import { CodeFields } from './code-fields.tsx';
import { type CodeForm, claimTerms } from './limit-field.tsx';
import { type CodeValues, newValues, termsOf } from './values.ts';

interface GenerateValues extends CodeValues {
  readonly pattern: string;
  readonly count: number | null;
}

/** Many codes by a pattern, with common terms. */
export function GenerateScreen() {
  const words = useWords(promoCodesWords);
  const navigate = useNavigate();
  const form = useForm({
    operation: 'generateCodes',
    initial: { ...newValues(ownZone()), pattern: '', count: 100 } as GenerateValues,
    request: (values, key) => ({
      key,
      body: { pattern: values.pattern, count: values.count ?? 0, terms: { ...termsOf(values), status: values.status } },
    }),
    onDone: ({ batch_id }) => navigate({ to: '/admin/batches/$batchId', params: { batchId: batch_id } }),
  });
  claimTerms(form, '/terms');
  return (
    <Page title={words.generate} crumb={<Link to="/admin/batches">{words.batches}</Link>}>
      <Form form={form} submit={words.generate} isWide>
        <div className="card fields">
          <TextField label={words.pattern} hint={words.patternHint} {...form.field('pattern')} />
          <NumberField label={words.howMany} {...form.field('count')} />
          <TextField label={words.codeTitle} isOptional {...form.field('title', '/terms/title')} />
        </div>
        <CodeFields form={inTerms(form) as CodeForm} />
      </Form>
    </Page>
  );
}

/** The same form, whose members stand under `terms` of the request. */
function inTerms(form: ReturnType<typeof useForm<'generateCodes', GenerateValues>>) {
  return {
    ...form,
    errorAt: (pointer: string) => form.errorAt(`/terms${pointer}`),
    field: (name: keyof GenerateValues & string, pointer = `/${name}`) => form.field(name, `/terms${pointer}`),
  };
}
