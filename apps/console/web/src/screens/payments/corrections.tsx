import { useState } from 'react';
import type { PaymentDetail, Person } from '../../api/generated/operations.ts';
import { useAsk, useRefreshAll } from '../../api/queries.ts';
import { Button } from '../../design/controls/button.tsx';
import { Dialog } from '../../design/controls/dialog.tsx';
import { TextField } from '../../design/controls/inputs.tsx';
import { MoneyField } from '../../design/controls/number-fields.tsx';
import { SearchField } from '../../design/controls/search-field.tsx';
import { Form } from '../../forms/form.tsx';
import { useForm } from '../../forms/use-form.ts';
import { useWords } from '../../messages/catalogue.ts';
import { paymentsWords } from '../../messages/words.ts';
import { Loaded } from '../../states/loaded.tsx';
import { AssignPayment } from './assign-payment.tsx';

interface CorrectionProps {
  readonly payment: PaymentDetail;
  readonly onClose: () => void;
}

const dialogs = { refund: Refund, correct: Correct, reassign: Reassign } as const;

/** What an admin can put right by hand; the server refuses what does not fit the payment. */
export function CorrectPayment({ payment }: { readonly payment: PaymentDetail }) {
  const words = useWords(paymentsWords);
  const [open, setOpen] = useState<keyof typeof dialogs | 'assign'>();
  const onClose = () => setOpen(undefined);
  const isByHand = payment.provider === 'cash' || payment.provider === 'bank_transfer';
  const choices = [
    ...(payment.person_id === null ? (['assign'] as const) : []),
    ...(isByHand ? (['refund', 'correct'] as const) : []),
    ...(payment.person_id === null ? [] : (['reassign'] as const)),
  ];
  const Open = open && open !== 'assign' ? dialogs[open] : undefined;
  return (
    <>
      {choices.map((choice) => (
        <Button key={choice} onClick={() => setOpen(choice)}>
          {words[choice]}
        </Button>
      ))}
      {Open && <Open payment={payment} onClose={onClose} />}
      {open === 'assign' && <AssignPayment paymentId={payment.payment_id} onClose={onClose} />}
    </>
  );
}

function useDone(onClose: () => void) {
  const refresh = useRefreshAll();
  return async () => {
    onClose();
    await refresh();
  };
}

function Refund({ payment, onClose }: CorrectionProps) {
  const words = useWords(paymentsWords);
  const done = useDone(onClose);
  const form = useForm({
    operation: 'refundPayment',
    initial: { amount: null as number | null, reason: '' },
    request: ({ amount, reason }, key) => ({
      path: { id: payment.payment_id },
      key,
      body: { reason, ...(amount !== null && { amount_minor: amount }) },
    }),
    onDone: done,
  });
  return (
    <Dialog title={words.refundTitle} onClose={onClose}>
      <p>{words.refundText}</p>
      <Form form={form} submit={words.refund} look="danger" actions={<Cancel onClose={onClose} />}>
        <MoneyField
          label={words.amount}
          hint={words.refundAmount}
          isOptional
          currency={payment.currency}
          {...form.field('amount', '/amount_minor')}
        />
        <TextField label={words.reason} hint={words.reasonHint} maxLength={1_000} {...form.field('reason')} />
      </Form>
    </Dialog>
  );
}

function Correct({ payment, onClose }: CorrectionProps) {
  const words = useWords(paymentsWords);
  const done = useDone(onClose);
  const form = useForm({
    operation: 'correctPayment',
    initial: { amount: payment.amount_minor as number | null, reason: '' },
    request: ({ amount, reason }, key) => ({
      path: { id: payment.payment_id },
      key,
      body: { amount_minor: amount ?? 0, reason },
    }),
    onDone: done,
  });
  return (
    <Dialog title={words.correctTitle} onClose={onClose}>
      <p>{words.correctText}</p>
      <Form form={form} submit={words.correct} look="danger" actions={<Cancel onClose={onClose} />}>
        <MoneyField label={words.newAmount} currency={payment.currency} {...form.field('amount', '/amount_minor')} />
        <TextField label={words.reason} hint={words.reasonHint} maxLength={1_000} {...form.field('reason')} />
      </Form>
    </Dialog>
  );
}

function Reassign({ payment, onClose }: CorrectionProps) {
  const words = useWords(paymentsWords);
  const done = useDone(onClose);
  const [person, setPerson] = useState<Person>();
  const form = useForm({
    operation: 'reassignPayment',
    initial: { reason: '' },
    request: ({ reason }, key) => ({
      path: { id: payment.payment_id },
      key,
      body: { person_id: person?.person_id ?? '', reason },
    }),
    onDone: done,
  });
  return (
    <Dialog title={words.reassignTitle} onClose={onClose}>
      <p>{words.reassignText}</p>
      <Form form={form} submit={words.reassign} look="danger" actions={<Cancel onClose={onClose} />}>
        <FindPerson person={person} error={form.errorAt('/person_id')} onChoose={setPerson} />
        <TextField label={words.reason} hint={words.reasonHint} maxLength={1_000} {...form.field('reason')} />
      </Form>
    </Dialog>
  );
}

interface FindPersonProps {
  readonly person: Person | undefined;
  readonly error: string | undefined;
  readonly onChoose: (person: Person) => void;
}

function FindPerson({ person, error, onChoose }: FindPersonProps) {
  const words = useWords(paymentsWords);
  const [search, setSearch] = useState('');
  const persons = useAsk('searchPersons', { query: { search, limit: 5 } }, { isEnabled: search !== '' });
  return (
    <div className="stack-s">
      <SearchField label={words.findPerson} hint={person?.name} error={error} value={search} onSearch={setSearch} />
      {search !== '' && (
        <Loaded of={persons} empty={<p className="soft small">{words.noPersons}</p>}>
          {({ items }) =>
            items.map((found) => (
              <Button key={found.person_id} aria-pressed={found === person} onClick={() => onChoose(found)}>
                {found.name} <span className="soft small">{found.email}</span>
              </Button>
            ))
          }
        </Loaded>
      )}
    </div>
  );
}

function Cancel({ onClose }: { readonly onClose: () => void }) {
  const words = useWords(paymentsWords);
  return (
    <Button look="quiet" onClick={onClose}>
      {words.cancel}
    </Button>
  );
}
