import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { Person } from '../../api/generated/operations.ts';
import { useAsk } from '../../api/queries.ts';
import { Button, buttonClass } from '../../design/controls/button.tsx';
import { Copyable } from '../../design/controls/copyable.tsx';
import { TabLinks } from '../../design/controls/tab-links.tsx';
import { Instant } from '../../design/data/instant.tsx';
import { Status } from '../../design/data/status.tsx';
import { useWords } from '../../messages/catalogue.ts';
import { personsWords } from '../../messages/words.ts';
import { ActionsLink } from '../../shell/actions-link.tsx';
import { Page } from '../../shell/page.tsx';
import { useSession } from '../../shell/session.tsx';
import { Loaded } from '../../states/loaded.tsx';
import { AsOf } from '../account/as-of.tsx';
import { Balances } from '../account/balances.tsx';
import { Statement } from '../account/statement.tsx';
import { CorrectPerson } from './correct-person.tsx';
import { personParts } from './params.ts';
import { PayOut } from './pay-out.tsx';
import { PersonCodes, PersonDecisions } from './person-codes.tsx';
import { PersonOrders } from './person-orders.tsx';

const route = getRouteApi('/persons/$id');

/** One person: orders, account, bonus codes, and what was decided about their codes. */
export function PersonScreen() {
  const words = useWords(personsWords);
  const { id } = route.useParams();
  const { part = 'orders' } = route.useSearch();
  const person = useAsk('getPerson', { path: { id } });
  return (
    <Page title={person.data?.name ?? words.person} crumb={<Link to="/persons">{words.back}</Link>}>
      <Loaded of={person}>
        {(shown) => (
          <>
            <WhoTheyAre person={shown} />
            <TabLinks
              label={words.parts}
              tabs={personParts.map((one) => ({
                label: words[one],
                to: '/persons/$id',
                params: { id },
                search: { part: one },
                isCurrent: one === part,
              }))}
            />
            <Part id={id} part={part} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

function WhoTheyAre({ person }: { readonly person: Person }) {
  const words = useWords(personsWords);
  const { role } = useSession();
  const [isOpen, setOpen] = useState(false);
  return (
    <section className="card">
      <dl className="pairs">
        <dt>{words.username}</dt>
        <dd translate="no">{person.username}</dd>
        <dt>{words.email}</dt>
        <dd>
          <span translate="no">{person.email}</span>{' '}
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
      <div className="row">
        {role === 'admin' && (
          <>
            <Button onClick={() => setOpen(true)}>{words.change}</Button>
            <PayOut personId={person.person_id} />
          </>
        )}
        <ActionsLink subject={person.person_id} />
      </div>
      {isOpen && <CorrectPerson person={person} onClose={() => setOpen(false)} />}
    </section>
  );
}

function Part({ id, part }: { readonly id: string; readonly part: (typeof personParts)[number] }) {
  const words = useWords(personsWords);
  const { day, currency, after } = route.useSearch();
  const navigate = route.useNavigate();
  if (part === 'orders') return <PersonOrders personId={id} after={after} />;
  if (part === 'codes') return <PersonCodes personId={id} after={after} />;
  if (part === 'decisions') return <PersonDecisions personId={id} after={after} />;
  const change = (next: { day?: string | undefined; currency?: string | undefined }) =>
    void navigate({
      search: (before) => ({ ...before, ...next, after: undefined }),
      replace: true,
      resetScroll: false,
    });
  return (
    <div className="stack">
      <AsOf day={day} onChange={(chosen) => change({ day: chosen })} />
      <Balances personId={id} day={day} />
      <div className="row">
        <Link to="/ledger/accounts" search={{ owner: id }} className={buttonClass()}>
          {words.statement}
        </Link>
      </div>
      <Statement
        personId={id}
        day={day}
        currency={currency}
        after={after}
        onCurrency={(chosen) => change({ currency: chosen })}
      />
    </div>
  );
}
