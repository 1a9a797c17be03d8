import { getRouteApi, Link } from '@tanstack/react-router';
import type { Class } from '../../../api/generated/operations.ts';
import { useAsk } from '../../../api/queries.ts';
import { buttonClass } from '../../../design/controls/button.tsx';
import { Day } from '../../../design/data/instant.tsx';
import { type Column, Table } from '../../../design/data/table.tsx';
import { Pager } from '../../../design/pager.tsx';
import { useWords } from '../../../messages/catalogue.ts';
import { adminClassesWords } from '../../../messages/words.ts';
import { Page } from '../../../shell/page.tsx';
import { useSession } from '../../../shell/session.tsx';
import { Empty, Loaded } from '../../../states/loaded.tsx';

const route = getRouteApi('/admin/classes');

/** Every class, as an admin works on them. */
export function AdminClassesScreen() {
  const words = useWords(adminClassesWords);
  const { after } = route.useSearch();
  const classes = useAsk('listAllClasses', { query: { after, limit: 25 } }, { keepsPrevious: true });
  const { role } = useSession();
  const add = role === 'admin' && (
    <Link to="/admin/classes/new" className={buttonClass('primary')}>
      {words.newClass}
    </Link>
  );
  const columns: readonly Column<Class>[] = [
    {
      title: words.class,
      isHeader: true,
      cell: ({ class_id: id, title }) => (
        <Link to="/admin/classes/$id" params={{ id }}>
          {title}
        </Link>
      ),
    },
    {
      title: words.rule,
      cell: ({ rule_id: id, rule_title }) => (
        <Link to="/rules/$id" params={{ id }}>
          {rule_title}
        </Link>
      ),
    },
    { title: words.starts, cell: ({ start_date }) => (start_date ? <Day date={start_date} /> : words.atOnce) },
    {
      title: words.seats,
      align: 'end',
      cell: ({ seats_taken, capacity }) => {
        return capacity === null ? words.unlimited(seats_taken) : words.seatsOf(seats_taken, capacity);
      },
    },
  ];
  return (
    <Page title={words.title} intro={words.intro} actions={add}>
      <Loaded
        of={classes}
        empty={
          <Empty title={words.emptyTitle}>
            <p>{words.emptyText}</p>
            {add}
          </Empty>
        }
      >
        {(page) => (
          <>
            <Table caption={words.title} columns={columns} rows={page.items} rowKey={({ class_id }) => class_id} />
            <Pager page={page} after={after} />
          </>
        )}
      </Loaded>
    </Page>
  );
}
