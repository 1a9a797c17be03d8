import { getRouteApi, Link } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import type { Order } from '../../api/generated/operations.ts';
import { useAsk } from '../../api/queries.ts';
import { Copyable } from '../../design/controls/copyable.tsx';
import { Instant } from '../../design/data/instant.tsx';
import { ServerText } from '../../design/data/server-text.tsx';
import { PriceSteps } from '../../explanations/price-steps.tsx';
import { formatDay } from '../../format/instants.ts';
import { useWords } from '../../messages/catalogue.ts';
import { useLocale } from '../../messages/language.ts';
import { classesWords, ordersWords } from '../../messages/words.ts';
import { Page } from '../../shell/page.tsx';
import { useSession } from '../../shell/session.tsx';
import { Loaded } from '../../states/loaded.tsx';
import { OrderWhy } from '../../why/order-why.tsx';
import { CancelOrder } from './cancel-order.tsx';
import { LatePayments } from './late-payments.tsx';
import { OrderMoneyCard } from './order-money.tsx';
import { OrderProgress } from './order-progress.tsx';
import { OrderStatus } from './order-status.tsx';
import { PaidNotice } from './paid-notice.tsx';

const route = getRouteApi('/orders/$id');

/** Only admins and operators load it. */
const OrderNext = lazy(async () => ({ default: (await import('../admin-orders/order-next.tsx')).OrderNext }));
const OrderLinks = lazy(async () => ({ default: (await import('../admin-orders/order-next.tsx')).OrderLinks }));

/** An order: live steps, its money, pay, cancel, and why it does not move. */
export function OrderScreen() {
  const words = useWords(ordersWords);
  const { id } = route.useParams();
  const { role } = useSession();
  const order = useAsk('getOrder', { path: { id } });
  return (
    <Page
      title={order.data ? words.orderOf(order.data.class_title) : words.order}
      crumb={
        role === 'member' ? (
          <Link to="/orders">{words.back}</Link>
        ) : (
          <Link to="/admin-orders">{words.backToOrders}</Link>
        )
      }
      actions={order.data && <OrderStatus order={order.data} />}
    >
      <Loaded of={order}>{(shown) => <OrderParts order={shown} />}</Loaded>
    </Page>
  );
}

function OrderParts({ order }: { readonly order: Order }) {
  const money = useAsk('getOrderMoney', { path: { id: order.order_id } });
  const { paid } = route.useSearch();
  const { role } = useSession();
  const isStaff = role === 'admin' || role === 'ops';
  return (
    <>
      {paid && role === 'member' && <PaidNotice paid={paid} order={order} />}
      <div className="columns aside-first">
        <div className="stack aside">
          <OrderMoneyCard order={order} money={money} />
          <CancelOrder order={order} money={money} />
          {isStaff && (
            <Suspense fallback={<span aria-busy="true" />}>
              <OrderLinks order={order} />
            </Suspense>
          )}
        </div>
        <div className="stack">
          <OrderProgress order={order} />
          <OrderWhy order={order} money={money} next={isStaff ? <Next order={order} /> : undefined} />
          <LatePayments order={order} />
          <OrderTerms order={order} />
        </div>
      </div>
    </>
  );
}

/** What an admin or operator can do next. */
function Next({ order }: { readonly order: Order }) {
  return (
    <Suspense fallback={<span aria-busy="true" />}>
      <OrderNext order={order} />
    </Suspense>
  );
}

/** What was ordered, and how its price came about. */
function OrderTerms({ order }: { readonly order: Order }) {
  const words = useWords(ordersWords);
  const classes = useWords(classesWords);
  const locale = useLocale();
  const start = formatDay(order.start_date, locale);
  return (
    <section className="card">
      <h2>{words.howPriced}</h2>
      <dl className="pairs">
        <dt>{words.class}</dt>
        <dd>
          <Link to="/classes/$id" params={{ id: order.class_id }}>
            {order.class_title}
          </Link>
        </dd>
        {order.person_name && (
          <>
            <dt>{words.person}</dt>
            <dd>
              <Link to="/persons/$id" params={{ id: order.person_id }}>
                {order.person_name}
              </Link>
            </dd>
          </>
        )}
        <dt>{words.dates}</dt>
        <dd>
          {order.end_date === null ? classes.openEnd(start) : classes.until(start, formatDay(order.end_date, locale))}
        </dd>
        {order.due_date && (
          <>
            <dt>{words.due}</dt>
            <dd>{formatDay(order.due_date, locale)}</dd>
          </>
        )}
        {order.subscription_id && (order.state === 'closed' || order.period > 0) && (
          <>
            <dt>{words.subscription}</dt>
            <dd>
              <Link to="/subscriptions/$id" params={{ id: order.subscription_id }}>
                {words.periodOf(String(order.period))}
              </Link>
            </dd>
          </>
        )}
        <dt>{words.openedAt}</dt>
        <dd>
          <Instant at={order.opened_at} />
        </dd>
        {order.end_reason && (
          <>
            <dt>{words.endReason}</dt>
            <dd>
              <ServerText>{order.end_reason}</ServerText>
            </dd>
          </>
        )}
        <dt>{words.order}</dt>
        <dd>
          <Copyable value={order.order_id} name={words.orderId} />
        </dd>
      </dl>
      <PriceSteps trace={order.trace} note={words.byVersion(order.rule_version)} />
    </section>
  );
}
