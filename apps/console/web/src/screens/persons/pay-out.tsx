import { useState } from 'react';
import { useAsk, useRefreshAll } from '../../api/queries.ts';
import { announce } from '../../design/announce.ts';
import { Button } from '../../design/controls/button.tsx';
import { Dialog } from '../../design/controls/dialog.tsx';
import { Select, TextField } from '../../design/controls/inputs.tsx';
import { MoneyField } from '../../design/controls/number-fields.tsx';
import { Money } from '../../design/data/money.tsx';
import { Form } from '../../forms/form.tsx';
import { useForm } from '../../forms/use-form.ts';
import { useWords } from '../../messages/catalogue.ts';
import { personsWords } from '../../messages/words.ts';
import { Loaded } from '../../states/loaded.tsx';

/** Registers that a balance was paid out, with a reason. */
export function PayOut({ personId }: { readonly personId: string }) {
  const words = useWords(personsWords);
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button onClick={() => setOpen(true)}>{words.payOut}</Button>
      {isOpen && <PayOutDialog personId={personId} onClose={() => setOpen(false)} />}
    </>
  );
}

interface PayOutProps {
  readonly personId: string;
  readonly onClose: () => void;
}

function PayOutDialog({ personId, onClose }: PayOutProps) {
  const words = useWords(personsWords);
  const account = useAsk('getAccount', { path: { id: personId }, query: {} });
  return (
    <Dialog title={words.payOutTitle} onClose={onClose}>
      <p>{words.payOutText}</p>
      <Loaded of={account}>{({ balances }) => <PayOutForm {...{ personId, onClose, balances }} />}</Loaded>
    </Dialog>
  );
}

interface Balance {
  readonly currency: string;
  readonly available_minor: number;
}

function PayOutForm({ personId, onClose, balances }: PayOutProps & { readonly balances: readonly Balance[] }) {
  const words = useWords(personsWords);
  const refresh = useRefreshAll();
  const form = useForm({
    operation: 'payOutBalance',
    initial: {
      currency: balances[0]?.currency ?? 'EUR',
      amount: null as number | null,
      method: 'bank_transfer' as 'cash' | 'bank_transfer',
      reason: '',
    },
    request: ({ currency, amount, method, reason }, key) => ({
      path: { id: personId },
      key,
      body: { currency, amount_minor: amount ?? 0, method, reason },
    }),
    onDone: async () => {
      onClose();
      announce(words.payOutDone);
      await refresh();
    },
  });
  const { currency } = form.values;
  const available = balances.find((balance) => balance.currency === currency)?.available_minor ?? 0;
  return (
    <Form
      form={form}
      submit={words.payOut}
      actions={
        <Button look="quiet" onClick={onClose}>
          {words.cancel}
        </Button>
      }
    >
      {balances.length > 1 && (
        <Select
          label={words.currency}
          {...form.field('currency')}
          choices={balances.map(({ currency: value }) => ({ value, label: value }))}
        />
      )}
      <MoneyField
        key={currency}
        label={words.amount}
        currency={currency}
        hint={<Money minor={available} currency={currency} />}
        {...form.field('amount', '/amount_minor')}
      />
      <Select
        label={words.method}
        {...form.field('method')}
        choices={[
          { value: 'bank_transfer', label: words.methods.bank_transfer },
          { value: 'cash', label: words.methods.cash },
        ]}
      />
      <TextField label={words.reason} hint={words.reasonHint} maxLength={1_000} {...form.field('reason')} />
    </Form>
  );
}
