import { Link } from '@tanstack/react-router';
import type { Order } from '../../api/generated/operations.ts';
import { Instant } from '../../design/data/instant.tsx';
import { Money } from '../../design/data/money.tsx';
import type { Column } from '../../design/data/table.tsx';
import { useWords } from '../../messages/catalogue.ts';
import { ordersWords } from '../../messages/words.ts';
import { OrderStatus } from './order-status.tsx';

/** The columns of a list of one person's orders. */
export function useOrderColumns(): readonly Column<Order>[] {
  const words = useWords(ordersWords);
  return [
    {
      title: words.class,
      isHeader: true,
      cell: ({ order_id, class_title }) => (
        <Link to="/orders/$id" params={{ id: order_id }}>
          {class_title}
        </Link>
      ),
    },
    { title: words.state, cell: (order) => <OrderStatus order={order} /> },
    { title: words.ordered, cell: ({ opened_at }) => <Instant at={opened_at} isZoneHidden /> },
    {
      title: words.amount,
      align: 'end',
      cell: ({ amount_minor, currency }) => <Money minor={amount_minor} currency={currency} />,
    },
  ];
}
