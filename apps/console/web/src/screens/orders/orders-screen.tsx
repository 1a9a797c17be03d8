import { getRouteApi, Link } from '@tanstack/react-router';
import type { Order } from '../../api/generated/operations.ts';
import { useAsk } from '../../api/queries.ts';
import { buttonClass } from '../../design/controls/button.tsx';
import { Select } from '../../design/controls/inputs.tsx';
import { OwnZone } from '../../design/data/instant.tsx';
import { Table } from '../../design/data/table.tsx';
import { Pager } from '../../design/pager.tsx';
import { useWords } from '../../messages/catalogue.ts';
import { ordersWords } from '../../messages/words.ts';
import { Page } from '../../shell/page.tsx';
import { Empty, Loaded } from '../../states/loaded.tsx';
import { useOrderColumns } from './order-columns.tsx';
import { orderStates } from './params.ts';

const route = getRouteApi('/orders');

/** A member's own orders. */
export function OrdersScreen() {
  const words = useWords(ordersWords);
  const { state, after } = route.useSearch();
  const navigate = route.useNavigate();
  const orders = useAsk('listOrders', { query: { state, after, limit: 25 } }, { keepsPrevious: true });
  const show = (chosen: Order['state'] | undefined) => void navigate({ search: { state: chosen }, replace: true });
  const columns = useOrderColumns();
  const empty = (
    <Empty title={words.emptyTitle}>
      <p>{words.emptyText}</p>
      <Link to="/classes" className={buttonClass('primary')}>
        {words.toClasses}
      </Link>
    </Empty>
  );
  const filters = state ? [{ name: words.states[state], drop: () => show(undefined) }] : [];
  return (
    <Page title={words.title} intro={words.intro}>
      <search className="filters">
        <Select
          label={words.state}
          value={state ?? ''}
          onChange={(chosen) => show(orderStates.find((known) => known === chosen))}
          choices={[
            { value: '', label: words.allStates },
            ...orderStates.map((value) => ({ value, label: words.states[value] })),
          ]}
        />
      </search>
      <Loaded of={orders} filters={filters} empty={empty}>
        {(page) => (
          <div className="stack">
            <Table caption={words.title} columns={columns} rows={page.items} rowKey={({ order_id }) => order_id} />
            <Pager page={page} after={after} />
            <OwnZone />
          </div>
        )}
      </Loaded>
    </Page>
  );
}
