import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { ask } from '../../../api/ask.ts';
import type { PromoCode } from '../../../api/generated/operations.ts';
import { useAsk, useRefresh } from '../../../api/queries.ts';
import { buttonClass } from '../../../design/controls/button.tsx';
import { TextField } from '../../../design/controls/inputs.tsx';
import { Form } from '../../../forms/form.tsx';
import { useForm } from '../../../forms/use-form.ts';
import { useWords } from '../../../messages/catalogue.ts';
import { promoCodesWords } from '../../../messages/words.ts';
import { Page } from '../../../shell/page.tsx';
import { Loaded } from '../../../states/loaded.tsx';
import { CodeFields } from './code-fields.tsx';
import { claimTerms } from './limit-field.tsx';
import { MergeVersions } from './merge-versions.tsx';
import { changeOf, valuesOf } from './values.ts';

const route = getRouteApi('/admin/promo-codes/$codeId/edit');

/** Changes a code. What another person has changed meanwhile is shown beside it, and nothing is overwritten unseen. */
export function EditCodeScreen() {
  const { codeId } = route.useParams();
  const words = useWords(promoCodesWords);
  const code = useAsk('getPromoCode', { path: { id: codeId } });
  return (
    <Page
      title={words.editTitle(code.data?.code ?? '')}
      crumb={
        <Link to="/admin/promo-codes/$codeId" params={{ codeId }}>
          {code.data?.code ?? words.title}
        </Link>
      }
    >
      <Loaded of={code}>{(loaded) => <EditForm code={loaded} />}</Loaded>
    </Page>
  );
}

function EditForm({ code }: { readonly code: PromoCode }) {
  const words = useWords(promoCodesWords);
  const navigate = useNavigate();
  const refresh = useRefresh();
  const params = { codeId: code.code_id };
  const [opened, setOpened] = useState(code);
  const [newest, setNewest] = useState<PromoCode>();
  const form = useForm({
    operation: 'changePromoCode',
    initial: valuesOf(code),
    request: (values, key) => ({ key, path: { id: code.code_id }, body: changeOf(values, opened) }),
    onDone: async () => {
      await refresh('getPromoCode', 'listPromoCodes', 'listCodeChanges');
      await navigate({ to: '/admin/promo-codes/$codeId', params });
    },
    onRefused: (refused) => {
      if (refused.code === 'PROMO_CODE_CHANGED') {
        void ask('getPromoCode', { path: { id: code.code_id } }).then(setNewest);
      }
    },
  });
  claimTerms(form);
  form.errorAt('/version');
  return (
    <>
      <Form
        form={form}
        submit={words.save}
        isWide
        actions={
          <Link to="/admin/promo-codes/$codeId" params={params} className={buttonClass('quiet')}>
            {words.cancel}
          </Link>
        }
      >
        <div className="card fields">
          <TextField label={words.codeTitle} isOptional {...form.field('title')} />
        </div>
        <CodeFields form={form} />
      </Form>
      {newest && (
        <MergeVersions
          opened={opened}
          theirs={newest}
          mine={form.values}
          onClose={() => setNewest(undefined)}
          onMerged={(values) => {
            form.reset(values);
            setOpened(newest);
            setNewest(undefined);
          }}
        />
      )}
    </>
  );
}
