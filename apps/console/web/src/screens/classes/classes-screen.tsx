import { getRouteApi, Link } from '@tanstack/react-router';
import type { Class } from '../../api/generated/operations.ts';
import { useAsk } from '../../api/queries.ts';
import { Check } from '../../design/controls/check.tsx';
import { Select } from '../../design/controls/inputs.tsx';
import { SearchField } from '../../design/controls/search-field.tsx';
import { Day } from '../../design/data/instant.tsx';
import { Money } from '../../design/data/money.tsx';
import { Status } from '../../design/data/status.tsx';
import { type Column, Table } from '../../design/data/table.tsx';
import { Pager } from '../../design/pager.tsx';
import { useWords } from '../../messages/catalogue.ts';
import { classesWords } from '../../messages/words.ts';
import { Page } from '../../shell/page.tsx';
import { Empty, Loaded } from '../../states/loaded.tsx';
import { classSorts } from './params.ts';

const route = getRouteApi('/classes');

/** The classes that can be ordered: search, free seats, price. */
export function ClassesScreen() {
  const words = useWords(classesWords);
  const { search, available, sort, after } = route.useSearch();
  const navigate = route.useNavigate();
  const classes = useAsk(
    'listClasses',
    { query: { search, available, sort, after, limit: 25 } },
    { keepsPrevious: true },
  );
  // Another filter begins at the first page.
  const filter = (change: Partial<{ search: string; available: true; sort: Sort }>) =>
    void navigate({ search: (before) => ({ ...before, after: undefined, ...change }), replace: true });
  const filters = [
    ...(search ? [{ name: search, drop: () => filter({ search: undefined }) }] : []),
    ...(available ? [{ name: words.onlyAvailable, drop: () => filter({ available: undefined }) }] : []),
  ];
  return (
    <Page title={words.title} intro={words.intro}>
      <search className="filters">
        <SearchField
          className="grow"
          label={words.search}
          value={search ?? ''}
          onSearch={(text) => filter({ search: text || undefined })}
        />
        <Select
          label={words.sort}
          value={sort ?? 'newest'}
          onChange={(chosen) => filter({ sort: chosen === 'newest' ? undefined : chosen })}
          choices={classSorts.map((value) => ({ value, label: words.sorts[value] }))}
        />
        <div className="beside-fields">
          <Check
            label={words.onlyAvailable}
            value={available === true}
            onChange={(only) => filter({ available: only || undefined })}
          />
        </div>
      </search>
      <Loaded of={classes} filters={filters} empty={<Empty title={words.emptyTitle}>{words.emptyText}</Empty>}>
        {(page) => (
          <div className="stack">
            <Table
              caption={words.title}
              columns={columnsOf(words)}
              rows={page.items}
              rowKey={({ class_id }) => class_id}
            />
            <Pager page={page} after={after} />
          </div>
        )}
      </Loaded>
    </Page>
  );
}

type Sort = (typeof classSorts)[number];

const columnsOf = (words: Words): readonly Column<Class>[] => [
  {
    title: words.class,
    isHeader: true,
    cell: ({ class_id, title }) => (
      <Link to="/classes/$id" params={{ id: class_id }}>
        {title}
      </Link>
    ),
  },
  { title: words.starts, cell: ({ start_date }) => (start_date ? <Day date={start_date} /> : words.atOnce) },
  { title: words.seats, align: 'end', cell: (one) => <Seats of={one} /> },
  { title: words.price, align: 'end', cell: (one) => <Price of={one} /> },
];

type Words = ReturnType<typeof useWords<typeof import('../../messages/en/classes.ts')['words']>>;

function Seats({ of: { seats_left } }: { readonly of: Class }) {
  const words = useWords(classesWords);
  if (seats_left === null) return <span className="soft">{words.seatsUnlimited}</span>;
  return seats_left > 0 ? words.seatsLeft(seats_left) : <Status tone="warn">{words.full}</Status>;
}

function Price({ of: { price_minor, currency } }: { readonly of: Class }) {
  const words = useWords(classesWords);
  if (price_minor === null) return <Status>{words.notOrderable}</Status>;
  return price_minor === 0 ? words.free : <Money minor={price_minor} currency={currency} />;
}
