import type { UseQueryResult } from '@tanstack/react-query';
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
import { Loaded } from '../../states/loaded.tsx';
import { Skeleton } from '../../states/skeleton.tsx';

interface CancelProps {
  readonly order: Order;
  readonly money: UseQueryResult<OrderMoney>;
}

/**
 * Cancels an order that is not complete, after saying what happens to seat and money. An open dialog stays until it is
 * answered, though the order has changed meanwhile.
 */
export function CancelOrder({ order, money }: CancelProps) {
  const words = useWords(ordersWords);
  const { role } = useSession();
  const [isOpen, setOpen] = useState(false);
  const isCancellable = order.period === 0 && (order.state === 'opened' || order.state === 'confirmed');
  if (role === 'ops') return null;
  return (
    <>
      {isCancellable && (
        <Button look="quiet" onClick={() => setOpen(true)}>
          {words.cancel}
        </Button>
      )}
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
  const whatOfMoney = (receivable: OrderMoney['receivable']) => {
    if (!receivable) return words.cancelNothingPaid;
    const { state, amount_minor, balance_minor, currency } = receivable;
    const text = (minor: number) => formatMoney(minor, currency, locale);
    if (state === 'reserved') return `${words.cancelMoney(text(amount_minor))} ${words.cancelAccount}`;
    return balance_minor > 0 ? words.cancelBalance(text(balance_minor)) : words.cancelNothingPaid;
  };
  return (
    <Dialog title={words.cancelTitle} onClose={onClose}>
      <ul className="plain stack-s">
        <li>{words.cancelSeat}</li>
        {order.discounts.length > 0 && <li>{words.cancelCodes}</li>}
      </ul>
      <Loaded of={money} skeleton={<Skeleton lines={1} />}>
        {({ receivable }) => <p>{whatOfMoney(receivable)}</p>}
      </Loaded>
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
