import { Link } from '@tanstack/react-router';
import type { Order } from '../../api/generated/operations.ts';
import { Money } from '../../design/data/money.tsx';
import { useWords } from '../../messages/catalogue.ts';
import { ordersWords } from '../../messages/words.ts';
import { useProblemText } from '../../states/problem.tsx';
import { Notice } from '../../states/state.tsx';

/** Money that came after the end of an order, and what became of it. */
export function LatePayments({ order }: { readonly order: Order }) {
  const words = useWords(ordersWords);
  const textOf = useProblemText();
  const outcomes = { reopened: words.lateReopened, credited: words.lateCredited, undecided: words.lateUndecided };
  return (
    <>
      {order.replaces_order_id && (
        <Notice>
          <p>
            {words.replaces}{' '}
            <Link to="/orders/$id" params={{ id: order.replaces_order_id }}>
              {words.replacesText}
            </Link>
          </p>
        </Notice>
      )}
      {order.late_payments?.map(
        ({ payment_id, amount_minor, currency, outcome, reason, reason_code, replacement_order_id }) => (
          <Notice key={payment_id} title={words.late}>
            <p>
              <Money minor={amount_minor} currency={currency} /> {outcomes[outcome]}
            </p>
            {reason && <p className="soft small">{textOf({ code: reason_code ?? '', detail: reason })}</p>}
            {replacement_order_id && (
              <Link to="/orders/$id" params={{ id: replacement_order_id }}>
                {words.lateOrder}
              </Link>
            )}
          </Notice>
        ),
      )}
    </>
  );
}
