import { getRouteApi } from '@tanstack/react-router';
import { useAsk } from '../../api/queries.ts';
import { OwnZone } from '../../design/data/instant.tsx';
import { Pager } from '../../design/pager.tsx';
import { startOfDay } from '../../format/instants.ts';
import { useWords } from '../../messages/catalogue.ts';
import { actionsWords } from '../../messages/words.ts';
import { Page } from '../../shell/page.tsx';
import { Empty, Loaded } from '../../states/loaded.tsx';
import { type ActionFilter, ActionFilters, useSetFilters } from './action-filters.tsx';
import { ActionsTable } from './actions-table.tsx';
import { OtherServices } from './other-services.tsx';

const route = getRouteApi('/admin/actions');

/** What admins and operators did, newest first, of all services or of one. */
export function ActionsScreen() {
  const words = useWords(actionsWords);
  const { after, ...filter } = route.useSearch();
  const navigate = route.useNavigate();
  const { from, until, ...plain } = filter;
  const query = {
    ...plain,
    from: from && startOfDay(from),
    to: until && startOfDay(until, 1),
    after,
    limit: 25,
    count: false,
  };
  const actions = useAsk('listActions', { query }, { keepsPrevious: true });
  const change = (next: ActionFilter) =>
    void navigate({
      search: (before) => ({ ...before, ...next, after: undefined }),
      replace: true,
      resetScroll: false,
    });
  const filters = useSetFilters(filter, change);
  const empty = (
    <Empty title={words.emptyTitle}>
      <p>{words.emptyText}</p>
    </Empty>
  );
  return (
    <Page title={words.title} intro={words.intro}>
      <ActionFilters filter={filter} change={change} />
      <OtherServices error={actions.error ?? actions.failureReason} />
      <Loaded of={actions} filters={filters} empty={empty}>
        {(page) => (
          <div className="stack">
            <ActionsTable actions={page.items} />
            <Pager page={page} after={after} />
            <OwnZone />
          </div>
        )}
      </Loaded>
    </Page>
  );
}
