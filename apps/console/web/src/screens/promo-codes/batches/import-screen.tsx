import { Link, useNavigate } from '@tanstack/react-router';
import { useId } from 'react';
import { Form } from '../../../forms/form.tsx';
import { useForm } from '../../../forms/use-form.ts';
import { useWords } from '../../../messages/catalogue.ts';
import { promoCodesWords } from '../../../messages/words.ts';
import { Page } from '../../../shell/page.tsx';

/** Codes from a CSV file, as an export writes it. */
export function ImportScreen() {
  const words = useWords(promoCodesWords);
  const navigate = useNavigate();
  const id = useId();
  const form = useForm({
    operation: 'importCodes',
    initial: { file: undefined as File | undefined },
    request: ({ file }, key) => ({ key, body: file ?? new Blob() }),
    onDone: ({ batch_id }) => navigate({ to: '/admin/batches/$batchId', params: { batchId: batch_id } }),
  });
  const error = form.errorAt('');
  return (
    <Page title={words.import} crumb={<Link to="/admin/batches">{words.batches}</Link>} intro={words.importIntro}>
      <Form form={form} submit={words.import}>
        <div className="field">
          <label htmlFor={id}>{words.csvFile}</label>
          <input
            id={id}
            type="file"
            accept=".csv,text/csv"
            className="input"
            aria-describedby={error ? `${id}-hint ${id}-error` : `${id}-hint`}
            aria-invalid={error ? true : undefined}
            onChange={(event) => form.change({ file: event.target.files?.[0] })}
          />
          <div id={`${id}-hint`} className="hint">
            {words.csvHint}
          </div>
          {error && (
            <div id={`${id}-error`} className="error">
              <span>{error}</span>
            </div>
          )}
        </div>
      </Form>
    </Page>
  );
}
