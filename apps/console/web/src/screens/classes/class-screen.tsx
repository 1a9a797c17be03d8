import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { Class } from '../../api/generated/operations.ts';
import { useAsk } from '../../api/queries.ts';
import { Copyable } from '../../design/controls/copyable.tsx';
import { Status } from '../../design/data/status.tsx';
import { useWords } from '../../messages/catalogue.ts';
import { classesWords } from '../../messages/words.ts';
import { Page } from '../../shell/page.tsx';
import { useSession } from '../../shell/session.tsx';
import { Loaded } from '../../states/loaded.tsx';
import { ClassQuote } from './class-quote.tsx';
import { OrderCard } from './order-card.tsx';
import { type ChosenPerson, PersonPicker } from './person-picker.tsx';

const route = getRouteApi('/classes/$id');

/** A class: what it is, its price and how that came about, a code field, and Order. */
export function ClassScreen() {
  const words = useWords(classesWords);
  const { id } = route.useParams();
  const one = useAsk('getClass', { path: { id } });
  return (
    <Page
      title={one.data?.title ?? words.class}
      crumb={<Link to="/classes">{words.back}</Link>}
      actions={one.data && <Seats of={one.data} />}
    >
      <Loaded of={one}>{(shown) => <ClassParts of={shown} />}</Loaded>
    </Page>
  );
}

function ClassParts({ of: one }: { readonly of: Class }) {
  const words = useWords(classesWords);
  const { role, person_id } = useSession();
  const [chosen, setChosen] = useState<ChosenPerson>();
  const personId = role === 'member' ? person_id : (chosen?.person_id ?? null);
  const quote = useAsk('quoteClass', { path: { id: one.class_id }, body: personId ? { person_id: personId } : {} });
  const { codes = [] } = route.useSearch();
  return (
    <div className="columns">
      <div className="stack">
        {one.description && (
          <section className="card">
            <h2>{words.about}</h2>
            <p className="prose">{one.description}</p>
          </section>
        )}
        <ClassQuote of={one} quote={quote} />
      </div>
      <section className="card aside" aria-label={words.orderTitle}>
        <h2>{words.orderTitle}</h2>
        {role === 'admin' && <PersonPicker chosen={chosen} onChoose={setChosen} />}
        <Loaded of={quote}>
          {(base) => <OrderCard key={personId} quote={base} of={one} personId={personId} codes={codes} />}
        </Loaded>
      </section>
    </div>
  );
}

function Seats({ of: { seats_left, class_id } }: { readonly of: Class }) {
  const words = useWords(classesWords);
  const { role } = useSession();
  return (
    <>
      {seats_left !== null && (
        <Status tone={seats_left > 0 ? 'good' : 'warn'}>
          {seats_left > 0 ? `${words.seats}: ${words.seatsLeft(seats_left)}` : words.full}
        </Status>
      )}
      {role !== 'member' && <Copyable value={class_id} name={words.class} isShort />}
    </>
  );
}
