import { getRouteApi, Link } from '@tanstack/react-router';
import type { Person } from '../../api/generated/operations.ts';
import { useAsk } from '../../api/queries.ts';
import { SearchField } from '../../design/controls/search-field.tsx';
import { Instant, OwnZone } from '../../design/data/instant.tsx';
import { type Column, Table } from '../../design/data/table.tsx';
import { Pager } from '../../design/pager.tsx';
import { useWords } from '../../messages/catalogue.ts';
import { personsWords } from '../../messages/words.ts';
import { Page } from '../../shell/page.tsx';
import { Empty, Loaded } from '../../states/loaded.tsx';

const route = getRouteApi('/persons');

/** Everybody, found by what people have of them. */
export function PersonsScreen() {
  const words = useWords(personsWords);
  const { search, after } = route.useSearch();
  const navigate = route.useNavigate();
  const persons = useAsk('searchPersons', { query: { search, after, limit: 25 } }, { keepsPrevious: true });
  const find = (text: string) => void navigate({ search: text ? { search: text } : {}, replace: true });
  const columns: readonly Column<Person>[] = [
    {
      title: words.name,
      isHeader: true,
      cell: ({ person_id, name }) => (
        <Link to="/persons/$id" params={{ id: person_id }}>
          {name}
        </Link>
      ),
    },
    { title: words.username, cell: ({ username }) => <span translate="no">{username}</span> },
    { title: words.email, cell: ({ email }) => <span translate="no">{email}</span> },
    { title: words.registered, cell: ({ registered_at }) => <Instant at={registered_at} isZoneHidden /> },
  ];
  const filters = search ? [{ name: search, drop: () => find('') }] : [];
  const empty = (
    <Empty title={words.emptyTitle}>
      <p>{words.emptyText}</p>
    </Empty>
  );
  return (
    <Page title={words.title} intro={words.intro}>
      <search className="filters">
        <SearchField className="field grow" label={words.search} value={search ?? ''} onSearch={find} />
      </search>
      <Loaded of={persons} filters={filters} empty={empty}>
        {(page) => (
          <div className="stack">
            <Table caption={words.title} columns={columns} rows={page.items} rowKey={({ person_id }) => person_id} />
            <Pager page={page} after={after} />
            <OwnZone />
          </div>
        )}
      </Loaded>
    </Page>
  );
}
