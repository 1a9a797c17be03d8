import { getRouteApi } from '@tanstack/react-router';
import { useAsk } from '../../../api/queries.ts';
import { IdField } from '../../../design/controls/search-field.tsx';
import { Pager } from '../../../design/pager.tsx';
import { useWords } from '../../../messages/catalogue.ts';
import { decisionsWords } from '../../../messages/words.ts';
import { Page } from '../../../shell/page.tsx';
import { Empty, Loaded } from '../../../states/loaded.tsx';
import { DecisionFilters, queryOf, useSetFilters } from './decision-filters.tsx';
import { DecisionsTable } from './decisions-table.tsx';

const route = getRouteApi('/admin/decisions');

/** Every decision about promo codes, newest first. */
export function DecisionsScreen() {
  const words = useWords(decisionsWords);
  const { after, code, order, ...filter } = route.useSearch();
  const navigate = route.useNavigate();
  const query = { ...queryOf(filter), code_id: code, order_id: order, after, limit: 25 };
  const list = useAsk('listReceipts', { query }, { keepsPrevious: true });
  const set = (change: Partial<ReturnType<typeof route.useSearch>>) =>
    void navigate({ search: (before) => ({ ...before, after: undefined, ...change }), replace: true });
  const filters = [
    ...useSetFilters(filter, set),
    ...(code ? [{ name: code, drop: () => set({ code: undefined }) }] : []),
    ...(order ? [{ name: order, drop: () => set({ order: undefined }) }] : []),
  ];
  return (
    <Page title={words.title} intro={words.intro}>
      <div className="filters">
        <DecisionFilters filter={filter} set={set} />
        <IdField label={words.orderId} value={order ?? ''} onSearch={(id) => set({ order: id || undefined })} />
      </div>
      <Loaded of={list} filters={filters} empty={<Empty title={words.none}>{words.noneText}</Empty>}>
        {(page) => (
          <>
            <DecisionsTable rows={page.items} showsCode />
            <Pager page={page} after={after} />
          </>
        )}
      </Loaded>
    </Page>
  );
}
