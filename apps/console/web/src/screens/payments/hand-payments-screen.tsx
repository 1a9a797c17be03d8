import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useAsk, useRefreshAll } from '../../api/queries.ts';
import { Select, TextField } from '../../design/controls/inputs.tsx';
import { MoneyField } from '../../design/controls/number-fields.tsx';
import { TabLinks } from '../../design/controls/tab-links.tsx';
import { Form } from '../../forms/form.tsx';
import { useForm } from '../../forms/use-form.ts';
import { useWords } from '../../messages/catalogue.ts';
import { paymentsWords } from '../../messages/words.ts';
import { Page } from '../../shell/page.tsx';
import { Loaded } from '../../states/loaded.tsx';
import { Notice } from '../../states/state.tsx';
import { methods } from './params.ts';
import { PaymentsTable } from './payments-table.tsx';

const route = getRouteApi('/hand-payments');

/** Cash and bank transfers, registered by hand; under the form what was registered last. */
export function HandPaymentsScreen() {
  const words = useWords(paymentsWords);
  const { method = 'cash' } = route.useSearch();
  const payments = useAsk('listPayments', { query: { provider: method, limit: 10, count: false } });
  return (
    <Page title={words.handTitle} intro={words.handIntro}>
      <RegisterPayment />
      <section className="stack" aria-labelledby="latest">
        <h2 id="latest">{words.latest}</h2>
        <TabLinks
          label={words.method}
          tabs={methods.map((one) => ({
            label: words.methods[one],
            to: '/hand-payments' as const,
            search: { method: one },
            isCurrent: one === method,
          }))}
        />
        <Loaded of={payments} empty={<p className="soft">{words.noneByHand}</p>}>
          {({ items }) => <PaymentsTable caption={words.latest} payments={items} />}
        </Loaded>
      </section>
    </Page>
  );
}

const initial = {
  method: 'cash' as 'cash' | 'bank_transfer',
  currency: 'EUR',
  amount: null as number | null,
  reference: '',
  day: '',
  note: '',
};

function RegisterPayment() {
  const words = useWords(paymentsWords);
  const refresh = useRefreshAll();
  const { order = '', person = '' } = route.useSearch();
  const [done, setDone] = useState<string>();
  const form = useForm({
    operation: 'registerPayment',
    initial: { ...initial, order, person },
    request: (values, key) => ({
      key,
      body: {
        method: values.method,
        currency: values.currency.trim().toUpperCase(),
        amount_minor: values.amount ?? 0,
        reference: values.reference,
        ...(values.order.trim() && { order_id: values.order.trim() }),
        ...(values.person.trim() && { person_id: values.person.trim() }),
        ...(values.day && { received_at: new Date(`${values.day}T12:00`).toISOString() }),
        ...(values.note.trim() && { note: values.note.trim() }),
      },
    }),
    onDone: async ({ payment_id }) => {
      setDone(payment_id);
      form.reset({ ...initial, order: '', person: '' });
      await refresh();
    },
  });
  const isCurrency = /^[a-z]{3}$/i.test(form.values.currency.trim());
  return (
    <section className="card">
      <h2>{words.registerTitle}</h2>
      {done && (
        <Notice tone="good" role="status" title={words.registered}>
          <Link to="/payments/$id" params={{ id: done }}>
            {words.toPayment}
          </Link>
        </Notice>
      )}
      <Form form={form} submit={words.register} isWide>
        <div className="filters">
          <Select
            label={words.method}
            {...form.field('method')}
            choices={[
              { value: 'cash', label: words.methods.cash },
              { value: 'bank_transfer', label: words.methods.bank_transfer },
            ]}
          />
          <TextField label={words.currency} maxLength={3} autoComplete="off" {...form.field('currency')} />
          <MoneyField
            key={isCurrency ? form.values.currency : 'none'}
            label={words.amount}
            currency={isCurrency ? form.values.currency.trim().toUpperCase() : 'EUR'}
            {...form.field('amount', '/amount_minor')}
          />
        </div>
        <TextField label={words.reference} hint={words.referenceHint} maxLength={200} {...form.field('reference')} />
        <TextField
          label={words.orderId}
          hint={words.orderOrPerson}
          isOptional
          autoComplete="off"
          {...form.field('order', '/order_id')}
        />
        <TextField label={words.personId} isOptional autoComplete="off" {...form.field('person', '/person_id')} />
        <TextField
          type="date"
          label={words.receivedAt}
          hint={words.receivedHint}
          isOptional
          {...form.field('day', '/received_at')}
        />
        <TextField label={words.note} isOptional maxLength={1_000} {...form.field('note')} />
      </Form>
    </section>
  );
}
