import { useState } from 'react';
import type { Person } from '../../api/generated/operations.ts';
import { useAsk, useRefresh } from '../../api/queries.ts';
import { announce } from '../../design/announce.ts';
import { Copyable } from '../../design/controls/copyable.tsx';
import { TextField } from '../../design/controls/inputs.tsx';
import { Instant } from '../../design/data/instant.tsx';
import { Status } from '../../design/data/status.tsx';
import { Form } from '../../forms/form.tsx';
import { useForm } from '../../forms/use-form.ts';
import { useWords } from '../../messages/catalogue.ts';
import { profileWords } from '../../messages/words.ts';
import { Page } from '../../shell/page.tsx';
import { usePersonId, useRenameSession } from '../../shell/session.tsx';
import { Loaded } from '../../states/loaded.tsx';
import { Notice } from '../../states/state.tsx';

/** What Matricula has of a member, and what they may correct themselves: their name and e-mail address. */
export function ProfileScreen() {
  const words = useWords(profileWords);
  const person = useAsk('getPerson', { path: { id: usePersonId() } });
  return (
    <Page title={words.title} intro={words.intro}>
      <Loaded of={person}>
        {(shown) => (
          <div className="columns">
            <CorrectMyself key={shown.person_id} person={shown} />
            <AboutMe person={shown} />
          </div>
        )}
      </Loaded>
    </Page>
  );
}

function CorrectMyself({ person }: { readonly person: Person }) {
  const words = useWords(profileWords);
  const refresh = useRefresh();
  const renameSession = useRenameSession();
  const [isSaved, setSaved] = useState(false);
  const form = useForm({
    operation: 'changeOwnPerson',
    initial: { name: person.name, email: person.email },
    request: ({ name, email }, key) => ({
      path: { id: person.person_id },
      key,
      body: { ...(name !== person.name && { name }), ...(email !== person.email && { email }) },
    }),
    onDone: async ({ name, email }) => {
      form.reset({ name, email });
      setSaved(true);
      announce(words.saved);
      await Promise.all([refresh('getPerson'), renameSession()]);
    },
    onRefused: () => setSaved(false),
  });
  const { name, email } = form.values;
  const isChanged = name !== person.name || email !== person.email;
  return (
    <section className="card" aria-labelledby="correct">
      <h2 id="correct">{words.correct}</h2>
      {isSaved && !isChanged && <Notice tone="good">{words.saved}</Notice>}
      <Form form={form} submit={words.save}>
        <TextField label={words.name} maxLength={200} autoComplete="name" {...form.field('name')} />
        <TextField
          type="email"
          label={words.email}
          hint={words.emailHint}
          autoComplete="email"
          {...form.field('email')}
        />
      </Form>
    </section>
  );
}

function AboutMe({ person }: { readonly person: Person }) {
  const words = useWords(profileWords);
  return (
    <section className="card aside" aria-labelledby="about">
      <h2 id="about">{words.aboutYou}</h2>
      <dl className="pairs">
        <dt>{words.username}</dt>
        <dd translate="no">{person.username}</dd>
        <dt>{words.address}</dt>
        <dd>
          <Status tone={person.email_verified ? 'good' : 'neutral'}>
            {person.email_verified ? words.verified : words.notVerified}
          </Status>
        </dd>
        <dt>{words.registered}</dt>
        <dd>
          <Instant at={person.registered_at} />
        </dd>
        <dt>{words.personId}</dt>
        <dd>
          <Copyable value={person.person_id} name={words.personId} />
        </dd>
      </dl>
      <p className="soft small">{words.idNote}</p>
    </section>
  );
}
