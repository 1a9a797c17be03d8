import { Link } from '@tanstack/react-router';
import type { ListedPayment } from '../../api/generated/operations.ts';
import { Instant } from '../../design/data/instant.tsx';
import { Money } from '../../design/data/money.tsx';
import { ProviderName } from '../../design/data/provider-name.tsx';
import { type Column, Table } from '../../design/data/table.tsx';
import { shortId } from '../../format/short-id.ts';
import { useWords } from '../../messages/catalogue.ts';
import { paymentsWords } from '../../messages/words.ts';

/** Payments, each with its reference, person and amount. */
export function PaymentsTable({
  caption,
  payments,
}: {
  readonly caption: string;
  readonly payments: readonly ListedPayment[];
}) {
  const words = useWords(paymentsWords);
  const columns: readonly Column<ListedPayment>[] = [
    {
      title: words.reference,
      isHeader: true,
      cell: ({ payment_id, reference }) => (
        <Link to="/payments/$id" params={{ id: payment_id }} translate="no">
          {reference}
        </Link>
      ),
    },
    { title: words.provider, cell: ({ provider }) => <ProviderName provider={provider} /> },
    { title: words.person, cell: (payment) => <Whose payment={payment} /> },
    { title: words.received, cell: ({ registered_at }) => <Instant at={registered_at} isZoneHidden /> },
    {
      title: words.amount,
      align: 'end',
      cell: ({ amount_minor, currency }) => <Money minor={amount_minor} currency={currency} />,
    },
  ];
  return <Table caption={caption} columns={columns} rows={payments} rowKey={({ payment_id }) => payment_id} />;
}

/** The person whose a payment is; in suspense nobody. */
export function Whose({ payment }: { readonly payment: Pick<ListedPayment, 'person_id' | 'person_name'> }) {
  const words = useWords(paymentsWords);
  if (payment.person_id === null) return <span className="soft">{words.inSuspense}</span>;
  return (
    <Link to="/persons/$id" params={{ id: payment.person_id }}>
      {payment.person_name ?? shortId(payment.person_id)}
    </Link>
  );
}
