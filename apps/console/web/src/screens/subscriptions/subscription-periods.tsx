import { Link } from '@tanstack/react-router';
import type { SubscriptionDetails, SubscriptionPeriod } from '../../api/generated/operations.ts';
import { Day, Instant } from '../../design/data/instant.tsx';
import { Money } from '../../design/data/money.tsx';
import { type Column, Table } from '../../design/data/table.tsx';
import { PriceSteps } from '../../explanations/price-steps.tsx';
import { useWords } from '../../messages/catalogue.ts';
import { ordersWords, subscriptionsWords } from '../../messages/words.ts';
import { OrderStatus } from '../orders/order-status.tsx';

/** The periods of a subscription, how the newest price came about, and what follows while it is not paid. */
export function SubscriptionPeriods({ subscription }: { readonly subscription: SubscriptionDetails }) {
  const words = useWords(subscriptionsWords);
  const orders = useWords(ordersWords);
  const newest = subscription.periods.at(-1);
  const columns: readonly Column<SubscriptionPeriod>[] = [
    {
      title: words.period,
      isHeader: true,
      cell: ({ period, order_id }) => (
        <Link to="/orders/$id" params={{ id: order_id }}>
          {words.periodNumber(String(period))}
        </Link>
      ),
    },
    { title: words.from, cell: ({ start_date }) => <Day date={start_date} /> },
    { title: words.until, cell: ({ end_date }) => (end_date ? <Day date={end_date} /> : words.noEnd) },
    { title: words.due, cell: ({ due_date }) => (due_date ? <Day date={due_date} /> : words.atOrder) },
    {
      title: words.state,
      cell: ({ state }) => <OrderStatus order={{ state, waits_for: state === 'opened' ? 'payment' : null }} />,
    },
    {
      title: orders.amount,
      align: 'end',
      cell: ({ amount_minor, currency }) => <Money minor={amount_minor} currency={currency} />,
    },
  ];
  return (
    <>
      <section className="card">
        <h2>{words.periods}</h2>
        <Table
          caption={words.periods}
          columns={columns}
          rows={subscription.periods}
          rowKey={({ order_id }) => order_id}
        />
      </section>
      {newest && (
        <section className="card">
          <h2>{orders.howPriced}</h2>
          <PriceSteps trace={newest.trace} note={words.ofPeriod(String(newest.period))} />
          {newest.state === 'opened' && newest.dunning.length > 0 && (
            <Dunning period={newest} zone={subscription.time_zone} />
          )}
        </section>
      )}
    </>
  );
}

function Dunning({ period, zone }: { readonly period: SubscriptionPeriod; readonly zone: string }) {
  const words = useWords(subscriptionsWords);
  return (
    <>
      <h3>{words.ifNotPaid}</h3>
      <ol className="plain stack-s">
        {period.dunning.map(({ step, at }) => (
          <li key={`${step} ${at}`}>
            <Instant at={at} zone={zone} /> <span>{words.dunning[step]}</span>
          </li>
        ))}
      </ol>
    </>
  );
}
