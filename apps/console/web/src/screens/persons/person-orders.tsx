import { Link } from '@tanstack/react-router';
import type { Order } from '../../api/generated/operations.ts';
import { useAsk } from '../../api/queries.ts';
import { Instant, OwnZone } from '../../design/data/instant.tsx';
import { Money } from '../../design/data/money.tsx';
import { type Column, Table } from '../../design/data/table.tsx';
import { Pager } from '../../design/pager.tsx';
import { useWords } from '../../messages/catalogue.ts';
import { personsWords } from '../../messages/words.ts';
import { Empty, Loaded } from '../../states/loaded.tsx';
import { OrderStatus } from '../orders/order-status.tsx';

export interface PartProps {
  readonly personId: string;
  readonly after: string | undefined;
}

/** The orders of one person, the newest first. */
export function PersonOrders({ personId, after }: PartProps) {
  const words = useWords(personsWords);
  const orders = useAsk('listOrders', { query: { person_id: personId, after, limit: 25 } }, { keepsPrevious: true });
  const columns: readonly Column<Order>[] = [
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
  return (
    <Loaded of={orders} empty={<Empty title={words.noOrders} />}>
      {(page) => (
        <div className="stack">
          <Table caption={words.orders} columns={columns} rows={page.items} rowKey={({ order_id }) => order_id} />
          <Pager page={page} after={after} />
          <OwnZone />
        </div>
      )}
    </Loaded>
  );
}
