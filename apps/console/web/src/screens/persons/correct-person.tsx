import type { Person } from '../../api/generated/operations.ts';
import { useRefreshAll } from '../../api/queries.ts';
import { Button } from '../../design/controls/button.tsx';
import { Dialog } from '../../design/controls/dialog.tsx';
import { TextField } from '../../design/controls/inputs.tsx';
import { Form } from '../../forms/form.tsx';
import { useForm } from '../../forms/use-form.ts';
import { useWords } from '../../messages/catalogue.ts';
import { personsWords } from '../../messages/words.ts';

/** An admin corrects the name, username or e-mail address of a person. */
export function CorrectPerson({ person, onClose }: { readonly person: Person; readonly onClose: () => void }) {
  const words = useWords(personsWords);
  const refresh = useRefreshAll();
  const form = useForm({
    operation: 'changePerson',
    initial: { name: person.name, username: person.username, email: person.email },
    request: (values, key) => ({
      path: { id: person.person_id },
      key,
      body: {
        ...(values.name !== person.name && { name: values.name }),
        ...(values.username !== person.username && { username: values.username }),
        ...(values.email !== person.email && { email: values.email }),
      },
    }),
    onDone: async () => {
      onClose();
      await refresh();
    },
  });
  return (
    <Dialog title={words.changeTitle} onClose={onClose}>
      <Form
        form={form}
        submit={words.save}
        actions={
          <Button look="quiet" onClick={onClose}>
            {words.cancel}
          </Button>
        }
      >
        <TextField label={words.name} maxLength={200} {...form.field('name')} />
        <TextField label={words.username} maxLength={200} {...form.field('username')} />
        <TextField label={words.email} type="email" {...form.field('email')} />
      </Form>
    </Dialog>
  );
}
