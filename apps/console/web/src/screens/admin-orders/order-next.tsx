import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { Order } from '../../api/generated/operations.ts';
import { useRefreshAll } from '../../api/queries.ts';
import { Button, buttonClass } from '../../design/controls/button.tsx';
import { Dialog } from '../../design/controls/dialog.tsx';
import { TextField } from '../../design/controls/inputs.tsx';
import { MoneyField } from '../../design/controls/number-fields.tsx';
import { Form } from '../../forms/form.tsx';
import { useForm } from '../../forms/use-form.ts';
import { useWords } from '../../messages/catalogue.ts';
import { adminOrdersWords, whyWords } from '../../messages/words.ts';
import { ActionsLink } from '../../shell/actions-link.tsx';
import { useSession } from '../../shell/session.tsx';
import { ApproveOrder } from './approve-order.tsx';

/** What an admin can do next about an order that does not move: a button for each unlit lamp. */
export function OrderNext({ order }: { readonly order: Order }) {
  const words = useWords(adminOrdersWords);
  const why = useWords(whyWords);
  const { role } = useSession();
  return (
    <span className="row">
      {role === 'admin' && <ApproveOrder order={order} size="small" />}
      {order.waits_for === 'payment' && (
        <>
          <Link to="/suspense" className={buttonClass('plain', 'small')}>
            {words.suspense}
          </Link>
          {role === 'admin' && (
            <>
              <Link to="/hand-payments" search={{ order: order.order_id }} className={buttonClass('plain', 'small')}>
                {words.byHand}
              </Link>
              <WriteOff order={order} />
            </>
          )}
        </>
      )}
      {order.waits_for === 'approval' && role === 'ops' && <span>{why.nextApprove}</span>}
      {order.waits_for === 'settlement' && <span className="soft">{words.accountsBusy}</span>}
    </span>
  );
}

/** From an order to what explains it: its money, the decisions about its codes, and who did what. */
export function OrderLinks({ order }: { readonly order: Order }) {
  const words = useWords(adminOrdersWords);
  return (
    <div className="row">
      <Link to="/order-money/$id" params={{ id: order.order_id }} className={buttonClass('plain', 'small')}>
        {words.money}
      </Link>
      {order.discounts.length > 0 && (
        <Link to="/admin/decisions" search={{ order: order.order_id }} className={buttonClass('plain', 'small')}>
          {words.decisions}
        </Link>
      )}
      <ActionsLink subject={order.order_id} />
    </div>
  );
}

function WriteOff({ order }: { readonly order: Order }) {
  const words = useWords(adminOrdersWords);
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button size="small" onClick={() => setOpen(true)}>
        {words.writeOff}
      </Button>
      {isOpen && <WriteOffDialog order={order} onClose={() => setOpen(false)} />}
    </>
  );
}

function WriteOffDialog({ order, onClose }: { readonly order: Order; readonly onClose: () => void }) {
  const words = useWords(adminOrdersWords);
  const refresh = useRefreshAll();
  const form = useForm({
    operation: 'writeOffShortfall',
    initial: { amount: null as number | null, reason: '' },
    request: ({ amount, reason }, key) => ({
      path: { id: order.order_id },
      key,
      body: { amount_minor: amount ?? 0, reason },
    }),
    onDone: async () => {
      onClose();
      await refresh();
    },
  });
  return (
    <Dialog title={words.writeOffTitle} onClose={onClose}>
      <p>{words.writeOffText}</p>
      <Form
        form={form}
        submit={words.writeOff}
        actions={
          <Button look="quiet" onClick={onClose}>
            {words.cancel}
          </Button>
        }
      >
        <MoneyField label={words.writeOffMost} currency={order.currency} {...form.field('amount', '/amount_minor')} />
        <TextField label={words.reason} hint={words.reasonHint} maxLength={1_000} {...form.field('reason')} />
      </Form>
    </Dialog>
  );
}
