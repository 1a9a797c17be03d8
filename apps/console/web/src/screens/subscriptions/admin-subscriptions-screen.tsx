import { getRouteApi, Link } from '@tanstack/react-router';
import type { Subscription } from '../../api/generated/operations.ts';
import { useAsk } from '../../api/queries.ts';
import { Select, TextField } from '../../design/controls/inputs.tsx';
import { SearchField } from '../../design/controls/search-field.tsx';
import { OwnZone } from '../../design/data/instant.tsx';
import { type Column, Table } from '../../design/data/table.tsx';
import { Pager } from '../../design/pager.tsx';
import { startOfDay } from '../../format/instants.ts';
import { useWords } from '../../messages/catalogue.ts';
import { subscriptionsWords } from '../../messages/words.ts';
import { Page } from '../../shell/page.tsx';
import { Empty, Loaded, type SetFilter } from '../../states/loaded.tsx';
import { subscriptionStates } from './params.ts';
import { useSubscriptionColumns } from './subscription-columns.tsx';

const route = getRouteApi('/admin-subscriptions');

/** All subscriptions, by state, person, class, and by what happens before a day. */
export function AdminSubscriptionsScreen() {
  const words = useWords(subscriptionsWords);
  const search = route.useSearch();
  const { state, person, class: classId, due, after } = search;
  const navigate = route.useNavigate();
  const change = (next: object) =>
    void navigate({
      search: (before) => ({ ...before, ...next, after: undefined }),
      replace: true,
      resetScroll: false,
    });
  const query = {
    state,
    person_id: person,
    class_id: classId,
    due_before: due && startOfDay(due, 1),
    sort: due ? ('due' as const) : undefined,
    after,
    limit: 25,
  };
  const subscriptions = useAsk('listSubscriptions', { query }, { keepsPrevious: true });
  const filters: SetFilter[] = [
    ...(state ? [{ name: words.states[state], drop: () => change({ state: undefined }) }] : []),
    ...(person ? [{ name: `${words.person} ${person}`, drop: () => change({ person: undefined }) }] : []),
    ...(classId ? [{ name: `${words.class} ${classId}`, drop: () => change({ class: undefined }) }] : []),
    ...(due ? [{ name: `${words.dueUntil} ${due}`, drop: () => change({ due: undefined }) }] : []),
  ];
  const personColumn: Column<Subscription> = {
    title: words.person,
    cell: ({ person_id, person_name }) => (
      <Link to="/persons/$id" params={{ id: person_id }}>
        {person_name}
      </Link>
    ),
  };
  const columns = useSubscriptionColumns(personColumn);
  return (
    <Page title={words.adminTitle} intro={words.adminIntro}>
      <search className="filters">
        <Select
          label={words.state}
          value={state ?? ''}
          onChange={(chosen) => change({ state: chosen || undefined })}
          choices={[
            { value: '', label: words.allStates },
            ...subscriptionStates.map((value) => ({ value, label: words.states[value] })),
          ]}
        />
        <SearchField
          className="field grow"
          label={words.personId}
          value={person ?? ''}
          onSearch={(text) => change({ person: text || undefined })}
        />
        <SearchField
          className="field grow"
          label={words.classId}
          value={classId ?? ''}
          onSearch={(text) => change({ class: text || undefined })}
        />
        <TextField
          type="date"
          label={words.dueUntil}
          value={due ?? ''}
          onChange={(day) => change({ due: day || undefined })}
        />
      </search>
      <Loaded of={subscriptions} filters={filters} empty={<Empty title={words.adminEmptyTitle} />}>
        {(page) => (
          <div className="stack">
            <Table
              caption={words.adminTitle}
              columns={columns}
              rows={page.items}
              rowKey={({ subscription_id }) => subscription_id}
            />
            <Pager page={page} after={after} />
            <OwnZone />
          </div>
        )}
      </Loaded>
    </Page>
  );
}
