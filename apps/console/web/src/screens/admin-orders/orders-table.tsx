import { Link } from '@tanstack/react-router';
import type { Order } from '../../api/generated/operations.ts';
import { Instant } from '../../design/data/instant.tsx';
import { Money } from '../../design/data/money.tsx';
import { type Column, Table } from '../../design/data/table.tsx';
import { shortId } from '../../format/short-id.ts';
import { useWords } from '../../messages/catalogue.ts';
import { adminOrdersWords } from '../../messages/words.ts';
import { useSession } from '../../shell/session.tsx';
import { OrderStatus } from '../orders/order-status.tsx';
import { ApproveOrder } from './approve-order.tsx';

export interface OrdersTableProps {
  readonly caption: string;
  readonly orders: readonly Order[];
  /** With a button for each order that waits for approval. */
  readonly isApproving?: boolean;
}

/** Orders of anybody, each with its person and what it waits for. */
export function OrdersTable({ caption, orders, isApproving }: OrdersTableProps) {
  const words = useWords(adminOrdersWords);
  const { role } = useSession();
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
    {
      title: words.person,
      cell: ({ person_id, person_name }) => (
        <Link to="/persons/$id" params={{ id: person_id }}>
          {person_name ?? shortId(person_id)}
        </Link>
      ),
    },
    { title: words.state, cell: (order) => <OrderStatus order={order} /> },
    { title: words.ordered, cell: ({ opened_at }) => <Instant at={opened_at} isZoneHidden /> },
    {
      title: words.due,
      cell: ({ waits_for, expires_at }) =>
        waits_for === 'payment' && expires_at ? <Instant at={expires_at} isZoneHidden /> : undefined,
    },
    {
      title: words.amount,
      align: 'end',
      cell: ({ amount_minor, currency }) => <Money minor={amount_minor} currency={currency} />,
    },
  ];
  const approving: Column<Order> = {
    title: words.approve,
    align: 'end',
    cell: (order) => <ApproveOrder order={order} size="small" />,
  };
  return (
    <Table
      caption={caption}
      columns={isApproving && role === 'admin' ? [...columns, approving] : columns}
      rows={orders}
      rowKey={({ order_id }) => order_id}
    />
  );
}
