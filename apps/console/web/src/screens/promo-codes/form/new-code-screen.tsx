import { Link, useNavigate } from '@tanstack/react-router';
import { useRefresh } from '../../../api/queries.ts';
import { buttonClass } from '../../../design/controls/button.tsx';
import { Select, TextField } from '../../../design/controls/inputs.tsx';
import { ownZone } from '../../../format/instants.ts';
import { Form } from '../../../forms/form.tsx';
import { useForm } from '../../../forms/use-form.ts';
import { useWords } from '../../../messages/catalogue.ts';
import { codesWords, promoCodesWords } from '../../../messages/words.ts';
import { Page } from '../../../shell/page.tsx';
import { CodeFields } from './code-fields.tsx';
import { claimTerms } from './limit-field.tsx';
import { newValues, termsOf } from './values.ts';

/** A new promo code. */
export function NewCodeScreen() {
  const words = useWords(promoCodesWords);
  const codes = useWords(codesWords);
  const navigate = useNavigate();
  const refresh = useRefresh();
  const form = useForm({
    operation: 'createPromoCode',
    initial: newValues(ownZone()),
    request: (values, key) => ({ key, body: { ...termsOf(values), code: values.code, status: values.status } }),
    onDone: async ({ code_id }) => {
      await refresh('listPromoCodes');
      await navigate({ to: '/admin/promo-codes/$codeId', params: { codeId: code_id } });
    },
  });
  claimTerms(form);
  const statuses = (['active', 'draft', 'paused'] as const).map((value) => ({ value, label: codes.status[value] }));
  return (
    <Page title={words.newCode} crumb={<Link to="/admin/promo-codes">{words.title}</Link>}>
      <Form
        form={form}
        submit={words.create}
        isWide
        actions={
          <Link to="/admin/promo-codes" className={buttonClass('quiet')}>
            {words.cancel}
          </Link>
        }
      >
        <div className="card fields">
          <TextField
            className="code"
            label={codes.code}
            hint={codes.anyCase}
            autoComplete="off"
            autoCapitalize="off"
            spellCheck={false}
            {...form.field('code')}
          />
          <TextField label={words.codeTitle} isOptional {...form.field('title')} />
          <Select label={words.status} choices={statuses} {...form.field('status')} />
        </div>
        <CodeFields form={form} />
      </Form>
    </Page>
  );
}
