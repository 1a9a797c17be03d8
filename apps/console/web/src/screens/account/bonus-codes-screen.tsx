import { getRouteApi, Link } from '@tanstack/react-router';
import { useAsk, useRefresh } from '../../api/queries.ts';
import { announce } from '../../design/announce.ts';
import { buttonClass } from '../../design/controls/button.tsx';
import { TextField } from '../../design/controls/inputs.tsx';
import { Pager } from '../../design/pager.tsx';
import { Form } from '../../forms/form.tsx';
import { useForm } from '../../forms/use-form.ts';
import { useWords } from '../../messages/catalogue.ts';
import { accountWords } from '../../messages/words.ts';
import { Page } from '../../shell/page.tsx';
import { usePersonId } from '../../shell/session.tsx';
import { Empty, Loaded } from '../../states/loaded.tsx';
import { WhenItWorks } from '../../why/code-refusal.tsx';
import { HeldCode } from './held-code.tsx';

const route = getRouteApi('/bonus-codes');

/** The bonus codes that a member has applied or may apply: hours, countdown, usable or why not. */
export function BonusCodesScreen() {
  const words = useWords(accountWords);
  const personId = usePersonId();
  const { after } = route.useSearch();
  const codes = useAsk(
    'listHeldCodes',
    { path: { id: personId }, query: { after, limit: 25 } },
    { keepsPrevious: true },
  );
  const empty = (
    <Empty title={words.codesEmptyTitle}>
      <p>{words.codesEmptyText}</p>
    </Empty>
  );
  return (
    <Page
      title={words.codesTitle}
      intro={words.codesIntro}
      actions={
        <Link to="/bonus-codes/decisions" className={buttonClass()}>
          {words.tries}
        </Link>
      }
    >
      <ApplyCode personId={personId} />
      <Loaded of={codes} empty={empty}>
        {(page) => (
          <div className="stack">
            <ul className="plain cards">
              {page.items.map((code) => (
                <HeldCode key={code.code_id} code={code} personId={personId} />
              ))}
            </ul>
            <Pager page={page} after={after} />
          </div>
        )}
      </Loaded>
    </Page>
  );
}

function ApplyCode({ personId }: { readonly personId: string }) {
  const words = useWords(accountWords);
  const refresh = useRefresh();
  const form = useForm({
    operation: 'applyCode',
    initial: { code: '' },
    request: ({ code }, key) => ({ key, body: { person_id: personId, promo_code: code.trim() } }),
    onDone: async ({ code }) => {
      announce(words.applied(code));
      form.reset();
      await refresh('listHeldCodes');
    },
  });
  return (
    <section className="card" aria-labelledby="apply">
      <h2 id="apply">{words.applyTitle}</h2>
      <Form form={form} submit={words.apply} nextStep={(_, details) => <WhenItWorks details={details} />}>
        <TextField
          label={words.code}
          hint={words.codeHint}
          className="code"
          autoComplete="off"
          spellCheck={false}
          maxLength={64}
          {...form.field('code', '/promo_code')}
        />
      </Form>
    </section>
  );
}
