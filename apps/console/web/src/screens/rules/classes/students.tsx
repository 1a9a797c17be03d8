import type { Class, Student } from '../../../api/generated/operations.ts';
import { useAsk } from '../../../api/queries.ts';
import { Copyable } from '../../../design/controls/copyable.tsx';
import { Day, Instant } from '../../../design/data/instant.tsx';
import { type Column, Table } from '../../../design/data/table.tsx';
import { Pager } from '../../../design/pager.tsx';
import { useWords } from '../../../messages/catalogue.ts';
import { adminClassesWords } from '../../../messages/words.ts';
import { Empty, Loaded } from '../../../states/loaded.tsx';

/** The students group of a class, the newest first. */
export function Students({
  of: { class_id: id, time_zone },
  after,
}: {
  readonly of: Class;
  readonly after: string | undefined;
}) {
  const words = useWords(adminClassesWords);
  const students = useAsk('listStudents', { path: { id }, query: { after, limit: 25 } }, { keepsPrevious: true });
  const columns: readonly Column<Student>[] = [
    {
      title: words.student,
      isHeader: true,
      cell: ({ person }) => (
        <>
          <span translate="no">{person.name}</span> <span className="soft">{person.email}</span>
        </>
      ),
    },
    { title: words.firstDay, cell: ({ start_date }) => <Day date={start_date} /> },
    { title: words.lastDay, cell: ({ end_date }) => (end_date ? <Day date={end_date} /> : words.openEnd) },
    { title: words.since, cell: ({ enrolled_at }) => <Instant at={enrolled_at} zone={time_zone} /> },
    { title: words.order, cell: ({ order_id }) => <Copyable value={order_id} name={words.order} /> },
  ];
  return (
    <Loaded of={students} empty={<Empty title={words.studentsEmptyTitle}>{words.studentsEmptyText}</Empty>}>
      {(page) => (
        <>
          <Table caption={words.students} columns={columns} rows={page.items} rowKey={({ order_id }) => order_id} />
          <Pager page={page} after={after} />
        </>
      )}
    </Loaded>
  );
}
