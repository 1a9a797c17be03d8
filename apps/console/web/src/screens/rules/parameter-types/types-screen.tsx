import { getRouteApi, Link } from '@tanstack/react-router';
import type { ParameterType } from '../../../api/generated/operations.ts';
import { useAsk } from '../../../api/queries.ts';
import { buttonClass } from '../../../design/controls/button.tsx';
import { Instant } from '../../../design/data/instant.tsx';
import { type Column, Table } from '../../../design/data/table.tsx';
import { Pager } from '../../../design/pager.tsx';
import { useWords } from '../../../messages/catalogue.ts';
import { rulesWords } from '../../../messages/words.ts';
import { Page } from '../../../shell/page.tsx';
import { useSession } from '../../../shell/session.tsx';
import { Empty, Loaded } from '../../../states/loaded.tsx';

const route = getRouteApi('/parameter-types');

/** The types that parameters of rules can have. */
export function ParameterTypesScreen() {
  const words = useWords(rulesWords);
  const { after } = route.useSearch();
  const types = useAsk('listParameterTypes', { query: { after, limit: 25 } }, { keepsPrevious: true });
  const { role } = useSession();
  const add = role === 'admin' && (
    <Link to="/parameter-types/new" className={buttonClass('primary')}>
      {words.newType}
    </Link>
  );
  const columns: readonly Column<ParameterType>[] = [
    {
      title: words.name,
      isHeader: true,
      cell: ({ name }) => (
        <Link to="/parameter-types/$name" params={{ name }} translate="no">
          {name}
        </Link>
      ),
    },
    { title: words.kind, cell: ({ schema }) => <code translate="no">{kindOf(schema)}</code> },
    { title: words.saved, cell: ({ saved_at }) => <Instant at={saved_at} /> },
    { title: words.version, align: 'end', cell: ({ version }) => version },
  ];
  return (
    <Page title={words.typesTitle} intro={words.typesIntro} actions={add}>
      <Loaded
        of={types}
        empty={
          <Empty title={words.typesEmptyTitle}>
            <p>{words.typesEmptyText}</p>
            {add}
          </Empty>
        }
      >
        {(page) => (
          <>
            <Table caption={words.typesTitle} columns={columns} rows={page.items} rowKey={({ name }) => name} />
            <Pager page={page} after={after} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

/** What the schema itself says of its values, in its own words. */
function kindOf(schema: ParameterType['schema']): string {
  if (Array.isArray(schema.enum)) return schema.enum.map((one) => JSON.stringify(one)).join(' | ');
  return [schema.type ?? '…', schema.format].flat().filter(Boolean).join(' ');
}
