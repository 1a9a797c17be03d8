import { useAsk } from '../../api/queries.ts';
import { OwnZone } from '../../design/data/instant.tsx';
import { Table } from '../../design/data/table.tsx';
import { Pager } from '../../design/pager.tsx';
import { useWords } from '../../messages/catalogue.ts';
import { personsWords } from '../../messages/words.ts';
import { Empty, Loaded } from '../../states/loaded.tsx';
import { useOrderColumns } from '../orders/order-columns.tsx';

export interface PartProps {
  readonly personId: string;
  readonly after: string | undefined;
}

/** The orders of one person, the newest first. */
export function PersonOrders({ personId, after }: PartProps) {
  const words = useWords(personsWords);
  const orders = useAsk('listOrders', { query: { person_id: personId, after, limit: 25 } }, { keepsPrevious: true });
  const columns = useOrderColumns();
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
