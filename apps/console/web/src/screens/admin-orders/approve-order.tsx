import { useState } from 'react';
import type { Order } from '../../api/generated/operations.ts';
import { useRefreshAll } from '../../api/queries.ts';
import { Button } from '../../design/controls/button.tsx';
import { Dialog } from '../../design/controls/dialog.tsx';
import { Form } from '../../forms/form.tsx';
import { useForm } from '../../forms/use-form.ts';
import { useWords } from '../../messages/catalogue.ts';
import { adminOrdersWords } from '../../messages/words.ts';

interface ApproveProps {
  readonly order: Order;
  readonly size?: 'normal' | 'small';
}

/** Approves an order that is paid, after saying what follows. */
export function ApproveOrder({ order, size = 'normal' }: ApproveProps) {
  const words = useWords(adminOrdersWords);
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      {order.waits_for === 'approval' && (
        <Button look="primary" size={size} onClick={() => setOpen(true)}>
          {words.approve}
        </Button>
      )}
      {isOpen && <ApproveDialog order={order} onClose={() => setOpen(false)} />}
    </>
  );
}

function ApproveDialog({ order, onClose }: ApproveProps & { readonly onClose: () => void }) {
  const words = useWords(adminOrdersWords);
  const refresh = useRefreshAll();
  const form = useForm({
    operation: 'approveOrder',
    initial: {},
    request: (_, key) => ({ path: { id: order.order_id }, key }),
    onDone: async () => {
      onClose();
      await refresh();
    },
  });
  return (
    <Dialog title={words.approveTitle} onClose={onClose}>
      <p>{words.approveText(order.person_name ?? words.somebody, order.class_title)}</p>
      <Form
        form={form}
        submit={words.approve}
        actions={
          <Button look="quiet" onClick={onClose}>
            {words.cancel}
          </Button>
        }
      />
    </Dialog>
  );
}
