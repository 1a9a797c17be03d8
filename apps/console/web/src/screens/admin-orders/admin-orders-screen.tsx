import { getRouteApi } from '@tanstack/react-router';
import { useAsk } from '../../api/queries.ts';
import { Select, TextField } from '../../design/controls/inputs.tsx';
import { SearchField } from '../../design/controls/search-field.tsx';
import { TabLinks } from '../../design/controls/tab-links.tsx';
import { OwnZone } from '../../design/data/instant.tsx';
import { Pager } from '../../design/pager.tsx';
import { startOfDay } from '../../format/instants.ts';
import { useWords } from '../../messages/catalogue.ts';
import { adminOrdersWords } from '../../messages/words.ts';
import { Page } from '../../shell/page.tsx';
import { Empty, Loaded, type SetFilter } from '../../states/loaded.tsx';
import { OrdersTable } from './orders-table.tsx';
import { queues, sorts } from './params.ts';

const route = getRouteApi('/admin-orders');

/** All orders, with the queues of those that wait for money, for approval and for settlement. */
export function AdminOrdersScreen() {
  const words = useWords(adminOrdersWords);
  const { queue, search, from, to, sort, after } = route.useSearch();
  const navigate = route.useNavigate();
  const change = (next: object) =>
    void navigate({
      search: (before) => ({ ...before, ...next, after: undefined }),
      replace: true,
      resetScroll: false,
    });
  const query = {
    waits_for: queue,
    search,
    opened_from: from && startOfDay(from),
    opened_to: to && startOfDay(to, 1),
    sort: sort === 'due' && queue !== 'payment' ? undefined : sort,
    after,
    limit: 25,
  };
  const orders = useAsk('listOrders', { query }, { keepsPrevious: true });
  const filters: SetFilter[] = [
    ...(search ? [{ name: search, drop: () => change({ search: undefined }) }] : []),
    ...(from ? [{ name: `${words.from} ${from}`, drop: () => change({ from: undefined }) }] : []),
    ...(to ? [{ name: `${words.to} ${to}`, drop: () => change({ to: undefined }) }] : []),
  ];
  const empty = (
    <Empty title={queue ? words.queueEmptyTitle : words.emptyTitle}>
      <p>{queue ? words.queueEmptyText : words.emptyText}</p>
    </Empty>
  );
  return (
    <Page title={words.title} intro={words.intro}>
      <Queues />
      <search className="filters">
        <SearchField
          className="field grow"
          label={words.search}
          value={search ?? ''}
          onSearch={(text) => change({ search: text || undefined })}
        />
        <TextField
          type="date"
          label={words.from}
          value={from ?? ''}
          onChange={(day) => change({ from: day || undefined })}
        />
        <TextField type="date" label={words.to} value={to ?? ''} onChange={(day) => change({ to: day || undefined })} />
        <Select
          label={words.sort}
          value={query.sort ?? 'newest'}
          onChange={(chosen) => change({ sort: chosen === 'newest' ? undefined : chosen })}
          choices={sorts
            .filter((value) => value !== 'due' || queue === 'payment')
            .map((value) => ({ value, label: words.sorts[value] }))}
        />
      </search>
      <Loaded of={orders} filters={filters} empty={empty}>
        {(page) => (
          <div className="stack">
            <OrdersTable caption={words.title} orders={page.items} isApproving={queue === 'approval'} />
            <Pager page={page} after={after} />
            <OwnZone />
          </div>
        )}
      </Loaded>
    </Page>
  );
}

/** The queues with their lengths, as the server counts them; they are there without lengths while it is away. */
function Queues() {
  const words = useWords(adminOrdersWords);
  const { queue } = route.useSearch();
  const counts = useAsk('countOrderQueues', {}, { everyMs: 30_000 });
  const labelOf = (waits: (typeof queues)[number]) => {
    const length = counts.data?.queues.find(({ waits_for }) => waits_for === waits);
    const name = words.waitsFor[waits];
    return length ? words.count(name, `${String(length.orders)}${length.more ? '+' : ''}`) : name;
  };
  return (
    <TabLinks
      label={words.queues}
      tabs={[
        { label: words.all, to: '/admin-orders', search: {}, isCurrent: queue === undefined },
        ...queues.map((waits) => ({
          label: labelOf(waits),
          to: '/admin-orders' as const,
          search: { queue: waits },
          isCurrent: queue === waits,
        })),
      ]}
    />
  );
}
