import { getRouteApi, Link } from '@tanstack/react-router';
import type { MissingRefund } from '../../../api/generated/operations.ts';
import { useAsk } from '../../../api/queries.ts';
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

const route = getRouteApi('/missing-refunds');

/** Payments of which the provider counts more refunds or disputes than it has notified. */
export function MissingRefundsScreen() {
  const words = useWords(paymentsWords);
  const { after } = route.useSearch();
  const refunds = useAsk('listMissingRefunds', { query: { after, limit: 25 } }, { keepsPrevious: true });
  const columns: readonly Column<MissingRefund>[] = [
    {
      title: words.payment,
      isHeader: true,
      cell: ({ payment_id, payment_reference }) => (
        <Link to="/payments/$id" params={{ id: payment_id }} translate="no">
          {payment_reference}
        </Link>
      ),
    },
    { title: words.kind, cell: ({ kind }) => words.kinds[kind] },
    { title: words.provider, cell: ({ provider }) => <ProviderName provider={provider} /> },
    { title: words.reported, cell: ({ reported_at }) => <Instant at={reported_at} isZoneHidden /> },
    {
      title: words.countedByProvider,
      align: 'end',
      cell: ({ reported_minor, currency }) => <Money minor={reported_minor} currency={currency} />,
    },
    {
      title: words.notifiedToUs,
      align: 'end',
      cell: ({ known_minor, currency }) => <Money minor={known_minor} currency={currency} />,
    },
  ];
  const empty = (
    <Empty title={words.missingEmptyTitle}>
      <p>{words.missingEmptyText}</p>
    </Empty>
  );
  return (
    <Page title={words.missingRefunds} intro={words.missingIntro}>
      <LookTabs current="missingRefunds" />
      <Loaded of={refunds} empty={empty}>
        {(page) => (
          <div className="stack">
            <Table
              caption={words.missingRefunds}
              columns={columns}
              rows={page.items}
              rowKey={({ payment_id, kind }) => `${payment_id} ${kind}`}
            />
            <Pager page={page} after={after} />
            <OwnZone />
          </div>
        )}
      </Loaded>
    </Page>
  );
}
