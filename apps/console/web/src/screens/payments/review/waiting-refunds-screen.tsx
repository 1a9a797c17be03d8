import { getRouteApi } from '@tanstack/react-router';
import type { WaitingRefund } from '../../../api/generated/operations.ts';
import { useAsk } from '../../../api/queries.ts';
import { Copyable } from '../../../design/controls/copyable.tsx';
import { Instant, OwnZone } from '../../../design/data/instant.tsx';
import { Money } from '../../../design/data/money.tsx';
import { ProviderName } from '../../../design/data/provider-name.tsx';
import { type Column, Table } from '../../../design/data/table.tsx';
import { Pager } from '../../../design/pager.tsx';
import { useWords } from '../../../messages/catalogue.ts';
import { paymentsWords } from '../../../messages/words.ts';
import { Page } from '../../../shell/page.tsx';
import { Empty, Loaded } from '../../../states/loaded.tsx';
import { LookTabs } from './look-tabs.tsx';

const route = getRouteApi('/waiting-refunds');

/** Refunds and disputes whose payment no notification has named yet. */
export function WaitingRefundsScreen() {
  const words = useWords(paymentsWords);
  const { after } = route.useSearch();
  const refunds = useAsk('listWaitingRefunds', { query: { after, limit: 25 } }, { keepsPrevious: true });
  const columns: readonly Column<WaitingRefund>[] = [
    { title: words.reference, isHeader: true, cell: ({ reference }) => <span translate="no">{reference}</span> },
    { title: words.kind, cell: ({ kind }) => words.kinds[kind] },
    { title: words.provider, cell: ({ provider }) => <ProviderName provider={provider} /> },
    {
      title: words.itsPayment,
      cell: ({ payment_reference }) => <Copyable value={payment_reference} name={words.itsPayment} />,
    },
    { title: words.received, cell: ({ received_at }) => <Instant at={received_at} isZoneHidden /> },
    {
      title: words.amount,
      align: 'end',
      cell: ({ amount_minor, currency }) => <Money minor={amount_minor} currency={currency} />,
    },
  ];
  const empty = (
    <Empty title={words.waitingEmptyTitle}>
      <p>{words.waitingEmptyText}</p>
    </Empty>
  );
  return (
    <Page title={words.waitingRefunds} intro={words.waitingIntro}>
      <LookTabs current="waitingRefunds" />
      <Loaded of={refunds} empty={empty}>
        {(page) => (
          <div className="stack">
            <Table
              caption={words.waitingRefunds}
              columns={columns}
              rows={page.items}
              rowKey={({ refund_id }) => refund_id}
            />
            <Pager page={page} after={after} />
            <OwnZone />
          </div>
        )}
      </Loaded>
    </Page>
  );
}
