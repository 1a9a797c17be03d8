import { DateTimeField } from '../../design/aria/date-time-field.tsx';
import { TextField } from '../../design/controls/inputs.tsx';
import { MoneyField } from '../../design/controls/number-fields.tsx';
import { ownZone } from '../../format/instants.ts';
import { serverNow } from '../../format/server-clock.ts';
import { Form } from '../../forms/form.tsx';
import { useForm } from '../../forms/use-form.ts';
import { useWords } from '../../messages/catalogue.ts';
import { offersWords } from '../../messages/words.ts';

/** A conversion that a person enters by hand. */
export function RecordConversion({ onRecorded }: { readonly onRecorded: (id: string, sender: string) => void }) {
  const words = useWords(offersWords);
  const form = useForm({
    operation: 'recordConversions',
    initial: {
      conversion_id: '',
      person_id: '',
      offer_id: '',
      sender: '',
      currency: 'EUR',
      payout_minor: null as number | null,
      occurred_at: new Date(Math.floor(serverNow() / 60_000) * 60_000).toISOString() as string | null,
    },
    request: ({ sender, payout_minor, occurred_at, ...conversion }, key) => ({
      key,
      query: sender ? { sender } : {},
      body: { ...conversion, payout_minor: payout_minor ?? -1, occurred_at: occurred_at ?? '' },
    }),
    onDone: (_, { conversion_id, sender }) => onRecorded(conversion_id, sender),
  });
  const { currency } = form.values;
  const occurred = form.field('occurred_at');
  return (
    <Form form={form} submit={words.record}>
      <TextField label={words.conversionId} {...form.field('conversion_id')} />
      <TextField label={words.person} {...form.field('person_id')} />
      <TextField label={words.offerId} {...form.field('offer_id')} />
      <TextField label={words.currency} maxLength={3} {...form.field('currency')} />
      <MoneyField
        label={words.payout}
        currency={/^[A-Z]{3}$/.test(currency) ? currency : 'EUR'}
        {...form.field('payout_minor')}
      />
      <DateTimeField
        label={words.occurred}
        zone={ownZone()}
        value={occurred.value}
        onChange={occurred.onChange}
        error={occurred.error}
      />
      <TextField label={words.sender} hint={words.recordSenderHint} isOptional {...form.field('sender')} />
    </Form>
  );
}
