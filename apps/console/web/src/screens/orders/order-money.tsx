import type { UseQueryResult } from '@tanstack/react-query';
import type { Order, OrderMoney } from '../../api/generated/operations.ts';
import { useRefresh } from '../../api/queries.ts';
import { Instant } from '../../design/data/instant.tsx';
import { Money } from '../../design/data/money.tsx';
import { ProviderName } from '../../design/data/provider-name.tsx';
import { ServerText } from '../../design/data/server-text.tsx';
import { Form } from '../../forms/form.tsx';
import { useForm } from '../../forms/use-form.ts';
import { useWords } from '../../messages/catalogue.ts';
import { ordersWords } from '../../messages/words.ts';
import { useSession } from '../../shell/session.tsx';
import { Loaded } from '../../states/loaded.tsx';
import { Skeleton } from '../../states/skeleton.tsx';

export interface OrderMoneyProps {
  readonly order: Order;
  readonly money: UseQueryResult<OrderMoney>;
}

/** Amount = price − codes, what of it is still to be paid, Pay, and the payments that have come. */
export function OrderMoneyCard({ order, money }: OrderMoneyProps) {
  const words = useWords(ordersWords);
  const { role } = useSession();
  const { currency } = order;
  // What is to be paid is known with the money; without an answer the order's own amount stands there.
  if (money.isLoading && !money.failureReason) {
    return (
      <section className="card" aria-labelledby="amount">
        <h2 id="amount">{words.amount}</h2>
        <Skeleton />
      </section>
    );
  }
  const receivable = order.waits_for === 'payment' ? money.data?.receivable : null;
  return (
    <section className="card" aria-labelledby="amount">
      <h2 id="amount">{words.amount}</h2>
      <dl className="sum">
        <div>
          <dt>{words.price}</dt>
          <dd>
            <Money minor={order.price_minor ?? order.amount_minor} currency={currency} />
          </dd>
        </div>
        {order.discounts.map(({ code, discount_minor, explanation }) => (
          <div key={code}>
            <dt>
              <span translate="no">{code}</span>
              <span className="soft small block">
                <ServerText>{explanation}</ServerText>
              </span>
            </dt>
            <dd>
              <Money minor={-discount_minor} currency={currency} />
            </dd>
          </div>
        ))}
        {(receivable?.balance_minor ?? 0) > 0 && (
          <div>
            <dt>{words.fromBalance}</dt>
            <dd>
              <Money minor={-(receivable?.balance_minor ?? 0)} currency={currency} />
            </dd>
          </div>
        )}
        {(receivable?.debt_minor ?? 0) > 0 && (
          <div>
            <dt>{words.debtFirst}</dt>
            <dd>
              <Money minor={receivable?.debt_minor ?? 0} currency={currency} />
            </dd>
          </div>
        )}
        <div className="total">
          <dt>{order.waits_for === 'payment' ? words.toPay : words.total}</dt>
          <dd>
            <Money minor={receivable?.lacks_minor ?? order.amount_minor} currency={currency} />
          </dd>
        </div>
      </dl>
      {order.waits_for === 'payment' && role === 'member' && <Pay orderId={order.order_id} />}
      <Loaded of={money}>
        {({ payments }) => <Payments of={payments} isMissed={order.waits_for === 'payment'} />}
      </Loaded>
    </section>
  );
}

/** Opens the provider's page for what is missing; only the server says how much that is. Nobody pays for others. */
function Pay({ orderId }: { readonly orderId: string }) {
  const words = useWords(ordersWords);
  const refresh = useRefresh();
  const form = useForm({
    operation: 'beginCheckout',
    initial: {},
    request: (_, key) => ({ path: { id: orderId }, key }),
    onDone: ({ url }) => window.location.assign(url),
    onRefused: ({ code }) => {
      if (code === 'ORDER_NOT_PAYABLE') void refresh('getOrder', 'getOrderMoney');
    },
  });
  return (
    <>
      <Form
        form={form}
        submit={words.pay}
        nextStep={(code) => code === 'ORDER_NOT_PAYABLE' && <p className="small">{words.payRefresh}</p>}
      />
      <p className="soft small">{words.payNote}</p>
    </>
  );
}

function Payments({ of: payments, isMissed }: { readonly of: OrderMoney['payments']; readonly isMissed: boolean }) {
  const words = useWords(ordersWords);
  if (payments.length === 0) return isMissed && <p className="soft small">{words.noPayments}</p>;
  return (
    <div className="stack-s">
      <h3>{words.payments}</h3>
      {payments.map(({ payment_id, provider, amount_minor, currency, refunded_minor, registered_at }) => (
        <div key={payment_id} className="row-between">
          <span>
            <ProviderName provider={provider} />
            <span className="soft small block">
              <Instant at={registered_at} isZoneHidden />
            </span>
          </span>
          <span className="end">
            <Money minor={amount_minor} currency={currency} />
            {refunded_minor > 0 && (
              <span className="soft small block">
                {words.refunded} <Money minor={refunded_minor} currency={currency} />
              </span>
            )}
          </span>
        </div>
      ))}
    </div>
  );
}
