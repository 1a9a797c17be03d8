import { getRouteApi, Link } from '@tanstack/react-router';
import type { PromoCode } from '../../../api/generated/operations.ts';
import { useAsk } from '../../../api/queries.ts';
import { Pager } from '../../../design/pager.tsx';
import { useWords } from '../../../messages/catalogue.ts';
import { decisionsWords } from '../../../messages/words.ts';
import { Empty, Loaded } from '../../../states/loaded.tsx';
import { RefusalsCard } from '../../code-parts/refusals.tsx';
import { type DecisionFilter, DecisionFilters, queryOf, useSetFilters } from './decision-filters.tsx';
import { DecisionsTable } from './decisions-table.tsx';

const route = getRouteApi('/admin/promo-codes/$codeId');

/** Why the code was allowed and refused: a bar per reason, and every decision. */
export function CodeDecisionsTab({ code }: { readonly code: PromoCode }) {
  const words = useWords(decisionsWords);
  const { after, ...filter } = route.useSearch();
  const navigate = route.useNavigate();
  const path = { id: code.code_id };
  const refusals = useAsk('getCodeRefusals', { path });
  const query = { ...queryOf(filter), after, limit: 25 };
  const list = useAsk('listCodeReceipts', { path, query }, { keepsPrevious: true });
  const set = (change: DecisionFilter) =>
    void navigate({ search: (before) => ({ ...before, after: undefined, ...change }), replace: true });
  const filters = useSetFilters(filter, set);
  return (
    <div className="stack">
      <RefusalsCard
        of={refusals}
        link={(reason, name) => (
          <Link
            to="/admin/promo-codes/$codeId"
            params={{ codeId: code.code_id }}
            search={{ tab: 'decisions', reason, outcome: 'refused' }}
            resetScroll={false}
          >
            {name}
          </Link>
        )}
      />
      {!refusals.isLoading && (
        <>
          <div className="filters">
            <DecisionFilters filter={filter} set={set} />
          </div>
          <Loaded of={list} filters={filters} empty={<Empty title={words.none}>{words.noneText}</Empty>}>
            {(page) => (
              <>
                <DecisionsTable rows={page.items} />
                <Pager page={page} after={after} />
              </>
            )}
          </Loaded>
        </>
      )}
    </div>
  );
}
