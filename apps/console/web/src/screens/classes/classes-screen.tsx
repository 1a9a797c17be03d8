import { getRouteApi } from '@tanstack/react-router';
import type { Class } from '../../api/generated/operations.ts';
import { useAsk } from '../../api/queries.ts';
import { Day } from '../../design/data/instant.tsx';
import { Status } from '../../design/data/status.tsx';
import { type Column, Table } from '../../design/data/table.tsx';
import { Pager } from '../../design/pager.tsx';
import { useWords } from '../../messages/catalogue.ts';
import { classesWords } from '../../messages/words.ts';
import { Page } from '../../shell/page.tsx';
import { Empty, Loaded } from '../../states/loaded.tsx';

const route = getRouteApi('/classes');

/** The classes that can be ordered. */
export function ClassesScreen() {
  const words = useWords(classesWords);
  const { after } = route.useSearch();
  const classes = useAsk('listClasses', { query: { after, limit: 25 } }, { keepsPrevious: true });
  const columns: readonly Column<Class>[] = [
    { title: words.class, isHeader: true, cell: ({ title }) => title },
    { title: words.starts, cell: ({ start_date }) => (start_date ? <Day date={start_date} /> : words.atOnce) },
    { title: words.seats, align: 'end', cell: (one) => <Seats of={one} /> },
  ];
  return (
    <Page title={words.title} intro={words.intro}>
      <Loaded of={classes} empty={<Empty title={words.emptyTitle}>{words.emptyText}</Empty>}>
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

function Seats({ of: { capacity, seats_taken } }: { readonly of: Class }) {
  const words = useWords(classesWords);
  if (capacity === null) return words.seatsUnlimited;
  const left = capacity - seats_taken;
  return left > 0 ? words.seatsLeft(left) : <Status tone="warn">{words.full}</Status>;
}
