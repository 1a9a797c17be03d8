import { useState } from 'react';
import type { Offer } from '../../api/generated/operations.ts';
import { useRefresh } from '../../api/queries.ts';
import { Button } from '../../design/controls/button.tsx';
import { Dialog } from '../../design/controls/dialog.tsx';
import { TextField } from '../../design/controls/inputs.tsx';
import { Form } from '../../forms/form.tsx';
import { useForm } from '../../forms/use-form.ts';
import { useWords } from '../../messages/catalogue.ts';
import { offersWords } from '../../messages/words.ts';

interface OfferProps {
  readonly offer: Offer | undefined;
  readonly onClose: () => void;
}

/** Registers an offer of an outside system, changes it or deletes it. */
export function OfferDialog({ offer, onClose }: OfferProps) {
  const words = useWords(offersWords);
  const [isDeleting, setDeleting] = useState(false);
  if (offer && isDeleting) return <DeleteOffer offer={offer} onClose={onClose} />;
  return (
    <Dialog title={offer ? words.changeTitle(offer.name) : words.register} onClose={onClose}>
      {offer ? (
        <ChangeOffer offer={offer} onClose={onClose} onDelete={() => setDeleting(true)} />
      ) : (
        <RegisterOffer onClose={onClose} />
      )}
    </Dialog>
  );
}

function RegisterOffer({ onClose }: Pick<OfferProps, 'onClose'>) {
  const words = useWords(offersWords);
  const done = useDone(onClose);
  const form = useForm({
    operation: 'registerOffer',
    initial: { offer_id: '', name: '', currency: '', sender: '' },
    request: ({ offer_id, name, currency, sender }, key) => ({
      key,
      body: { offer_id, name, currency: currency || null, sender: sender || null },
    }),
    onDone: done,
  });
  return (
    <Form form={form} submit={words.register}>
      <TextField label={words.offerId} hint={words.offerIdHint} {...form.field('offer_id')} />
      <TextField label={words.name} {...form.field('name')} />
      <TextField label={words.currency} hint={words.currencyHint} isOptional {...form.field('currency')} />
      <TextField label={words.sender} hint={words.senderHint} isOptional {...form.field('sender')} />
    </Form>
  );
}

function ChangeOffer({
  offer,
  onClose,
  onDelete,
}: {
  readonly offer: Offer;
  readonly onClose: () => void;
  readonly onDelete: () => void;
}) {
  const words = useWords(offersWords);
  const done = useDone(onClose);
  const form = useForm({
    operation: 'changeOffer',
    initial: { name: offer.name, currency: offer.currency ?? '', sender: offer.sender ?? '' },
    request: ({ name, currency, sender }, key) => ({
      key,
      path: { id: offer.offer_id },
      body: { name, currency: currency || null, sender: sender || null },
    }),
    onDone: done,
  });
  return (
    <Form
      form={form}
      submit={words.save}
      actions={
        <Button look="quiet" onClick={onDelete}>
          {words.delete}
        </Button>
      }
    >
      <TextField label={words.name} {...form.field('name')} />
      <TextField label={words.currency} hint={words.currencyHint} isOptional {...form.field('currency')} />
      <TextField label={words.sender} hint={words.senderHint} isOptional {...form.field('sender')} />
    </Form>
  );
}

function DeleteOffer({ offer, onClose }: { readonly offer: Offer; readonly onClose: () => void }) {
  const words = useWords(offersWords);
  const done = useDone(onClose);
  const form = useForm({
    operation: 'deleteOffer',
    initial: {},
    request: (_, key) => ({ key, path: { id: offer.offer_id } }),
    onDone: done,
  });
  return (
    <Dialog title={words.deleteTitle(offer.name)} onClose={onClose}>
      <Form form={form} submit={words.delete} look="danger">
        <p>{words.deleteText}</p>
      </Form>
    </Dialog>
  );
}

function useDone(onClose: () => void): () => Promise<void> {
  const refresh = useRefresh();
  return async () => {
    await refresh('listOffers');
    onClose();
  };
}
