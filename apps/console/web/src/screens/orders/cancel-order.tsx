import { useState } from 'react';
import type { Order, OrderMoney } from '../../api/generated/operations.ts';
import { useRefreshAll } from '../../api/queries.ts';
import { Button } from '../../design/controls/button.tsx';
import { Dialog } from '../../design/controls/dialog.tsx';
import { TextField } from '../../design/controls/inputs.tsx';
import { formatMoney } from '../../format/money.ts';
import { Form } from '../../forms/form.tsx';
import { useForm } from '../../forms/use-form.ts';
import { useWords } from '../../messages/catalogue.ts';
import { useLocale } from '../../messages/language.ts';
import { ordersWords } from '../../messages/words.ts';
import { useSession } from '../../shell/session.tsx';

interface CancelProps {
  readonly order: Order;
  readonly money: OrderMoney | undefined;
}

/** Cancels an order that is not complete, after saying what happens to seat and money. */
export function CancelOrder({ order, money }: CancelProps) {
  const words = useWords(ordersWords);
  const { role } = useSession();
  const [isOpen, setOpen] = useState(false);
  const isCancellable = order.state === 'opened' || order.state === 'confirmed';
  if (!isCancellable || role === 'ops') return null;
  return (
    <>
      <Button look="quiet" onClick={() => setOpen(true)}>
        {words.cancel}
      </Button>
      {isOpen && <CancelDialog order={order} money={money} onClose={() => setOpen(false)} />}
    </>
  );
}

function CancelDialog({ order, money, onClose }: CancelProps & { readonly onClose: () => void }) {
  const words = useWords(ordersWords);
  const locale = useLocale();
  const refresh = useRefreshAll();
  const form = useForm({
    operation: 'cancelOrder',
    initial: { reason: '' },
    request: ({ reason }, key) => ({
      path: { id: order.order_id },
      key,
      body: reason.trim() ? { reason: reason.trim() } : {},
    }),
    onDone: async () => {
      onClose();
      await refresh();
    },
  });
  const receivable = money?.receivable;
  const isReserved = receivable?.state === 'reserved';
  return (
    <Dialog title={words.cancelTitle} onClose={onClose}>
      <ul className="plain stack-s">
        <li>{words.cancelSeat}</li>
        {isReserved && receivable && (
          <li>
            {words.cancelMoney(formatMoney(receivable.amount_minor, receivable.currency, locale))} {words.cancelAccount}
          </li>
        )}
        {money && money.payments.length === 0 && !isReserved && <li>{words.cancelNothingPaid}</li>}
        {order.discounts.length > 0 && <li>{words.cancelCodes}</li>}
      </ul>
      <Form
        form={form}
        submit={words.cancel}
        look="danger"
        actions={
          <Button look="quiet" onClick={onClose}>
            {words.keep}
          </Button>
        }
      >
        <TextField label={words.cancelReason} isOptional maxLength={200} {...form.field('reason')} />
      </Form>
    </Dialog>
  );
}
