import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { PromoCode } from '../../../api/generated/operations.ts';
import { useRefresh } from '../../../api/queries.ts';
import { Button, buttonClass } from '../../../design/controls/button.tsx';
import { Dialog } from '../../../design/controls/dialog.tsx';
import { Form } from '../../../forms/form.tsx';
import { useForm } from '../../../forms/use-form.ts';
import { useWords } from '../../../messages/catalogue.ts';
import { promoCodesWords } from '../../../messages/words.ts';
import { useSession } from '../../../shell/session.tsx';

const operations = {
  activate: 'activatePromoCode',
  pause: 'pausePromoCode',
  archive: 'archivePromoCode',
} as const;
type Action = keyof typeof operations;

/** What an admin may do with a code now. */
export function StatusActions({ code }: { readonly code: PromoCode }) {
  const words = useWords(promoCodesWords);
  const { role } = useSession();
  const [action, setAction] = useState<Action>();
  if (role !== 'admin' || code.status === 'archived') return null;
  const possible: readonly Action[] = code.status === 'active' ? ['pause', 'archive'] : ['activate', 'archive'];
  return (
    <>
      {possible.map((one) => (
        <Button key={one} onClick={() => setAction(one)}>
          {words.action[one]}
        </Button>
      ))}
      <Link to="/admin/promo-codes/$codeId/edit" params={{ codeId: code.code_id }} className={buttonClass('primary')}>
        {words.edit}
      </Link>
      {action && <Confirm code={code} action={action} onClose={() => setAction(undefined)} />}
    </>
  );
}

interface ConfirmProps {
  readonly code: PromoCode;
  readonly action: Action;
  readonly onClose: () => void;
}

function Confirm({ code, action, onClose }: ConfirmProps) {
  const words = useWords(promoCodesWords);
  const refresh = useRefresh();
  const form = useForm({
    operation: operations[action],
    initial: {},
    request: (_, key) => ({ key, path: { id: code.code_id } }),
    onDone: async () => {
      await refresh('getPromoCode', 'listPromoCodes', 'listCodeChanges');
      onClose();
    },
  });
  return (
    <Dialog title={words.confirm[action](code.code)} onClose={onClose}>
      <Form form={form} submit={words.action[action]} look={action === 'archive' ? 'danger' : 'primary'}>
        <p>{words.confirmText[action]}</p>
      </Form>
    </Dialog>
  );
}
