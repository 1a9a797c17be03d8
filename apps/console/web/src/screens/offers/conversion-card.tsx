import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { RecordedConversion } from '../../api/generated/operations.ts';
import { useRefresh } from '../../api/queries.ts';
import { Button } from '../../design/controls/button.tsx';
import { Copyable } from '../../design/controls/copyable.tsx';
import { Dialog } from '../../design/controls/dialog.tsx';
import { Select } from '../../design/controls/inputs.tsx';
import { Instant } from '../../design/data/instant.tsx';
import { Money } from '../../design/data/money.tsx';
import { Status } from '../../design/data/status.tsx';
import { Form } from '../../forms/form.tsx';
import { useForm } from '../../forms/use-form.ts';
import { useWords } from '../../messages/catalogue.ts';
import { codesWords, offersWords } from '../../messages/words.ts';
import { useSession } from '../../shell/session.tsx';

interface ConversionProps {
  readonly conversion: RecordedConversion;
}

/** One conversion: what it earned, what it was refused, and its reversal. */
export function ConversionCard({ conversion }: ConversionProps) {
  const words = useWords(offersWords);
  const codes = useWords(codesWords);
  const { role } = useSession();
  const [isReversing, setReversing] = useState(false);
  const { reversed_at: reversedAt, reverse_reason: reason } = conversion;
  return (
    <section className="card">
      <div className="card-head">
        <h2 translate="no">{conversion.conversion_id}</h2>
        {reversedAt ? (
          <Status tone="warn">{words.reversed}</Status>
        ) : (
          role === 'admin' && <Button onClick={() => setReversing(true)}>{words.reverse}</Button>
        )}
      </div>
      <dl className="pairs">
        <dt>{words.person}</dt>
        <dd>
          <Link to="/admin/decisions" search={{ person: conversion.person_id }} translate="no">
            {conversion.person_id}
          </Link>
        </dd>
        <dt>{words.offerId}</dt>
        <dd translate="no">{conversion.offer_id}</dd>
        <dt>{words.payout}</dt>
        <dd>
          <Money minor={conversion.payout_minor} currency={conversion.currency} />
        </dd>
        <dt>{words.occurred}</dt>
        <dd>
          <Instant at={conversion.occurred_at} />
        </dd>
        <dt>{words.recorded}</dt>
        <dd>
          <Instant at={conversion.recorded_at} />
        </dd>
        <dt>{words.sender}</dt>
        <dd>{conversion.sender ?? words.byHand}</dd>
        {conversion.order_id && (
          <>
            <dt>{words.order}</dt>
            <dd>
              <Copyable value={conversion.order_id} name={words.order} />
            </dd>
          </>
        )}
        {reversedAt && (
          <>
            <dt>{words.reversed}</dt>
            <dd>
              <Instant at={reversedAt} /> {reason && codes.reasons[reason]}
            </dd>
          </>
        )}
      </dl>
      <Outcome conversion={conversion} />
      {isReversing && <Reverse conversion={conversion} onClose={() => setReversing(false)} />}
    </section>
  );
}

function Outcome({ conversion: { redemptions, refusals } }: ConversionProps) {
  const words = useWords(offersWords);
  const codes = useWords(codesWords);
  return (
    <>
      <h3>{words.earned}</h3>
      {redemptions.length === 0 && <p className="soft">{words.earnedNothing}</p>}
      <ul className="plain-list stack-s">
        {redemptions.map(({ redemption_id, code_id, code, bonus_minor, currency, explanation }) => (
          <li key={redemption_id}>
            <CodeLink id={code_id} code={code} /> <Money minor={bonus_minor} currency={currency} />{' '}
            <span className="soft">{explanation}</span>
          </li>
        ))}
        {refusals.map(({ code_id, code, reason }) => (
          <li key={code_id}>
            <CodeLink id={code_id} code={code} /> <Status tone="bad">{codes.reasons[reason] ?? reason}</Status>
          </li>
        ))}
      </ul>
    </>
  );
}

function CodeLink({ id, code }: { readonly id: string; readonly code: string }) {
  return (
    <Link to="/admin/promo-codes/$codeId" params={{ codeId: id }} translate="no">
      {code}
    </Link>
  );
}

function Reverse({ conversion, onClose }: ConversionProps & { readonly onClose: () => void }) {
  const words = useWords(offersWords);
  const codes = useWords(codesWords);
  const refresh = useRefresh();
  const form = useForm({
    operation: 'reverseConversion',
    initial: { reason: 'refund' as 'cancel' | 'refund' | 'fraud' | 'chargeback' },
    request: ({ reason }, key) => ({
      key,
      path: { id: conversion.conversion_id },
      query: conversion.sender ? { sender: conversion.sender } : {},
      body: { reason },
    }),
    onDone: async () => {
      await refresh('getConversion');
      onClose();
    },
  });
  const reasons = (['cancel', 'refund', 'fraud', 'chargeback'] as const).map((value) => ({
    value,
    label: codes.reasons[value] ?? value,
  }));
  return (
    <Dialog title={words.reverseTitle(conversion.conversion_id)} onClose={onClose}>
      <Form form={form} submit={words.reverse} look="danger">
        <p>{words.reverseText}</p>
        <Select label={codes.reason} choices={reasons} {...form.field('reason')} />
      </Form>
    </Dialog>
  );
}
