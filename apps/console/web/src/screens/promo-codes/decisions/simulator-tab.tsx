import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import type { PromoCode, SimulatedDecision } from '../../../api/generated/operations.ts';
import { DateTimeField } from '../../../design/aria/date-time-field.tsx';
import { TextField } from '../../../design/controls/inputs.tsx';
import { MoneyField } from '../../../design/controls/number-fields.tsx';
import { Instant } from '../../../design/data/instant.tsx';
import { Money } from '../../../design/data/money.tsx';
import { ServerText } from '../../../design/data/server-text.tsx';
import { serverNow } from '../../../format/server-clock.ts';
import { Form } from '../../../forms/form.tsx';
import { useForm } from '../../../forms/use-form.ts';
import { useWords } from '../../../messages/catalogue.ts';
import { codesWords, decisionsWords } from '../../../messages/words.ts';
import { Notice } from '../../../states/state.tsx';
import { Explanation, Ladder, useReasonName } from '../../../why/ladder.tsx';
import { CountersTable } from './counters-table.tsx';

const route = getRouteApi('/admin/promo-codes/$codeId');

/** What if: the code at another time, for another person, offer or amount. Nothing is taken. */
export function SimulatorTab({ code }: { readonly code: PromoCode }) {
  const words = useWords(decisionsWords);
  const codes = useWords(codesWords);
  const { person, offer, at } = route.useSearch();
  const [simulated, setSimulated] = useState<SimulatedDecision>();
  const currency = code.currency ?? 'EUR';
  const form = useForm({
    operation: 'simulateCode',
    initial: {
      person_id: person ?? '',
      offer_id: offer ?? '',
      amount_minor: null as number | null,
      at: (at ?? new Date(Math.floor(serverNow() / 60_000) * 60_000).toISOString()) as string | null,
    },
    request: ({ person_id, offer_id, amount_minor, at: instant }) => ({
      path: { id: code.code_id },
      body: {
        ...(person_id ? { person_id } : {}),
        ...(offer_id ? { offer_id } : {}),
        ...(amount_minor === null ? {} : { amount_minor, currency }),
        ...(instant === null ? {} : { at: instant }),
      },
    }),
    onDone: setSimulated,
  });
  const instant = form.field('at');
  return (
    <div className="columns">
      <div className="stack" aria-live="polite">
        {simulated ? <Simulated of={simulated} /> : <p className="soft">{words.simulatorIntro}</p>}
      </div>
      <section className="card aside">
        <h2>{words.simulator}</h2>
        <Form form={form} submit={words.simulate}>
          <DateTimeField
            label={words.when}
            zone={code.active_hours.timezone}
            value={instant.value}
            onChange={instant.onChange}
            error={instant.error}
          />
          <TextField label={words.personId} hint={words.anyPerson} isOptional {...form.field('person_id')} />
          <TextField label={codes.offer} isOptional {...form.field('offer_id')} />
          <MoneyField label={words.amount} currency={currency} isOptional {...form.field('amount_minor')} />
        </Form>
      </section>
    </div>
  );
}

function Simulated({ of: simulated }: { readonly of: SimulatedDecision }) {
  const words = useWords(decisionsWords);
  const nameOf = useReasonName();
  const { allowed, reason, timezone, next_opens_at: opensAt, benefit_minor: minor, currency } = simulated;
  return (
    <>
      <Notice tone={allowed ? 'good' : 'bad'} title={reason === null ? words.works : nameOf(reason)}>
        {reason !== null && (
          <p>
            <Explanation of={simulated} />
          </p>
        )}
        <p>
          <Instant at={simulated.at} zone={timezone} />
        </p>
        {minor !== null && currency && (
          <p>
            <Money minor={minor} currency={currency} />{' '}
            <span className="soft">
              <ServerText>{simulated.benefit}</ServerText>
            </span>
          </p>
        )}
        {opensAt && (
          <p>
            {words.worksFrom} <Instant at={opensAt} zone={timezone} />
          </p>
        )}
      </Notice>
      <section className="card">
        <h2>{words.ladder}</h2>
        <Ladder steps={simulated.steps} />
      </section>
      <section className="card">
        <h2>{words.countersTitle}</h2>
        <CountersTable before={simulated.counters} />
      </section>
    </>
  );
}
