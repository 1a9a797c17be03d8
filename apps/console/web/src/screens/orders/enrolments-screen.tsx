import { getRouteApi, Link } from '@tanstack/react-router';
import type { Enrolment } from '../../api/generated/operations.ts';
import { useAsk } from '../../api/queries.ts';
import { buttonClass } from '../../design/controls/button.tsx';
import { Day, Instant, OwnZone } from '../../design/data/instant.tsx';
import { type Column, Table } from '../../design/data/table.tsx';
import { Pager } from '../../design/pager.tsx';
import { shortId } from '../../format/short-id.ts';
import { useWords } from '../../messages/catalogue.ts';
import { ordersWords } from '../../messages/words.ts';
import { Page } from '../../shell/page.tsx';
import { usePersonId } from '../../shell/session.tsx';
import { Empty, Loaded } from '../../states/loaded.tsx';

const route = getRouteApi('/my-classes');

/** The classes that a member is in. */
export function EnrolmentsScreen() {
  const words = useWords(ordersWords);
  const { after } = route.useSearch();
  const personId = usePersonId();
  const enrolments = useAsk(
    'listEnrolments',
    { path: { id: personId }, query: { after, limit: 25 } },
    { keepsPrevious: true },
  );
  const columns: readonly Column<Enrolment>[] = [
    {
      title: words.class,
      isHeader: true,
      cell: ({ class_id, class_title }) => (
        <Link to="/classes/$id" params={{ id: class_id }}>
          {class_title}
        </Link>
      ),
    },
    { title: words.starts, cell: ({ start_date }) => <Day date={start_date} /> },
    { title: words.ends, cell: ({ end_date }) => (end_date ? <Day date={end_date} /> : words.noEnd) },
    { title: words.enrolled, cell: ({ enrolled_at }) => <Instant at={enrolled_at} isZoneHidden /> },
    {
      title: words.toOrder,
      align: 'end',
      cell: ({ order_id }) => (
        <Link to="/orders/$id" params={{ id: order_id }}>
          {shortId(order_id)}
        </Link>
      ),
    },
  ];
  const empty = (
    <Empty title={words.classesEmptyTitle}>
      <p>{words.classesEmptyText}</p>
      <Link to="/classes" className={buttonClass('primary')}>
        {words.toClasses}
      </Link>
    </Empty>
  );
  return (
    <Page title={words.classesTitle} intro={words.classesIntro}>
      <Loaded of={enrolments} empty={empty}>
        {(page) => (
          <div className="stack">
            <Table
              caption={words.classesTitle}
              columns={columns}
              rows={page.items}
              rowKey={({ enrolment_id }) => enrolment_id}
            />
            <Pager page={page} after={after} />
            <OwnZone />
          </div>
        )}
      </Loaded>
    </Page>
  );
}
