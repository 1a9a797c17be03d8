import { useRefreshAll } from '../../../api/queries.ts';
import { Button } from '../../../design/controls/button.tsx';
import { Dialog } from '../../../design/controls/dialog.tsx';
import { TextField } from '../../../design/controls/inputs.tsx';
import { Form } from '../../../forms/form.tsx';
import { type FormHandle, useForm } from '../../../forms/use-form.ts';
import { useWords } from '../../../messages/catalogue.ts';
import { paymentsWords } from '../../../messages/words.ts';

interface NoteDialogProps {
  readonly title: string;
  readonly text: string;
  readonly submit: string;
  readonly form: FormHandle<{ note: string }>;
  readonly onClose: () => void;
}

function NoteDialog({ title, text, submit, form, onClose }: NoteDialogProps) {
  const words = useWords(paymentsWords);
  return (
    <Dialog title={title} onClose={onClose}>
      <p>{text}</p>
      <Form
        form={form}
        submit={submit}
        actions={
          <Button look="quiet" onClick={onClose}>
            {words.cancel}
          </Button>
        }
      >
        <TextField label={words.note} hint={words.noteHint} maxLength={1_000} {...form.field('note')} />
      </Form>
    </Dialog>
  );
}

/** Says that a payment in suspense is not ours, with a note. */
export function DismissPayment({ paymentId, onClose }: { readonly paymentId: string; readonly onClose: () => void }) {
  const words = useWords(paymentsWords);
  const refresh = useRefreshAll();
  const form = useForm({
    operation: 'dismissPayment',
    initial: { note: '' },
    request: ({ note }, key) => ({ path: { id: paymentId }, key, body: { note } }),
    onDone: async () => {
      onClose();
      await refresh();
    },
  });
  return (
    <NoteDialog title={words.dismissTitle} text={words.dismissText} submit={words.dismiss} {...{ form, onClose }} />
  );
}

/** Closes a quarantined notification with a note; it moves no money. */
export function DismissNotification({ id, onClose }: { readonly id: string; readonly onClose: () => void }) {
  const words = useWords(paymentsWords);
  const refresh = useRefreshAll();
  const form = useForm({
    operation: 'dismissNotification',
    initial: { note: '' },
    request: ({ note }, key) => ({ path: { id }, key, body: { note } }),
    onDone: async () => {
      onClose();
      await refresh();
    },
  });
  return (
    <NoteDialog
      title={words.dismissNotificationTitle}
      text={words.dismissNotificationText}
      submit={words.dismissNotification}
      {...{ form, onClose }}
    />
  );
}
