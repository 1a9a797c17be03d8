import { useState } from 'react';
import type { SubscriptionRule } from '../../../api/generated/operations.ts';
import { useRefresh } from '../../../api/queries.ts';
import { Button } from '../../../design/controls/button.tsx';
import { Dialog } from '../../../design/controls/dialog.tsx';
import { Form } from '../../../forms/form.tsx';
import { useForm } from '../../../forms/use-form.ts';
import { useWords } from '../../../messages/catalogue.ts';
import { rulesWords } from '../../../messages/words.ts';

/** Retires a rule after saying what that means, or takes it back. */
export function RetireRule({ rule }: { readonly rule: SubscriptionRule }) {
  const words = useWords(rulesWords);
  const [isOpen, setOpen] = useState(false);
  const title = rule.retired_at ? words.reinstate : words.retire;
  return (
    <>
      <Button look="quiet" onClick={() => setOpen(true)}>
        {title}
      </Button>
      {isOpen && <RetireDialog rule={rule} onClose={() => setOpen(false)} />}
    </>
  );
}

function RetireDialog({ rule, onClose }: { readonly rule: SubscriptionRule; readonly onClose: () => void }) {
  const words = useWords(rulesWords);
  const refresh = useRefresh();
  const request = (_: object, key: string) => ({ path: { id: rule.rule_id }, key });
  const onDone = async () => {
    await refresh('getRule', 'listRules');
    onClose();
  };
  const retiring = useForm({ operation: 'retireRule', initial: {}, request, onDone });
  const reinstating = useForm({ operation: 'reinstateRule', initial: {}, request, onDone });
  const title = rule.retired_at ? words.reinstate : words.retireTitle;
  return (
    <Dialog title={title} onClose={onClose}>
      {!rule.retired_at && <p>{words.retireText}</p>}
      <Form form={rule.retired_at ? reinstating : retiring} submit={rule.retired_at ? words.reinstate : words.retire} />
    </Dialog>
  );
}
