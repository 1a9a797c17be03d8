import { getRouteApi, Link } from '@tanstack/react-router';
import type { SubscriptionRule } from '../../../api/generated/operations.ts';
import { useAsk } from '../../../api/queries.ts';
import { buttonClass } from '../../../design/controls/button.tsx';
import { Select } from '../../../design/controls/inputs.tsx';
import { Instant } from '../../../design/data/instant.tsx';
import { Status } from '../../../design/data/status.tsx';
import { type Column, Table } from '../../../design/data/table.tsx';
import { Pager } from '../../../design/pager.tsx';
import { useWords } from '../../../messages/catalogue.ts';
import { rulesWords } from '../../../messages/words.ts';
import { Page } from '../../../shell/page.tsx';
import { useSession } from '../../../shell/session.tsx';
import { Empty, Loaded } from '../../../states/loaded.tsx';
import { ruleShows } from '../params.ts';

const route = getRouteApi('/rules');

/** The newest version of each rule. */
export function RulesScreen() {
  const words = useWords(rulesWords);
  const { after, show = 'used' } = route.useSearch();
  const navigate = route.useNavigate();
  const retired = show === 'all' ? undefined : show === 'retired';
  const rules = useAsk('listRules', { query: { after, retired, limit: 25 } }, { keepsPrevious: true });
  const { role } = useSession();
  const filters =
    show === 'retired' ? [{ name: words.shows.retired, drop: () => void navigate({ search: {}, replace: true }) }] : [];
  const add = role === 'admin' && (
    <Link to="/rules/new" className={buttonClass('primary')}>
      {words.newRule}
    </Link>
  );
  const columns: readonly Column<SubscriptionRule>[] = [
    {
      title: words.rule,
      isHeader: true,
      cell: ({ rule_id: id, title, retired_at }) => (
        <>
          <Link to="/rules/$id" params={{ id }}>
            {title}
          </Link>{' '}
          {retired_at && <Status>{words.retired}</Status>}
        </>
      ),
    },
    { title: words.method, cell: ({ method }) => <code translate="no">{method}</code> },
    { title: words.published, cell: ({ published_at }) => <Instant at={published_at} /> },
    { title: words.version, align: 'end', cell: ({ version }) => version },
  ];
  return (
    <Page title={words.rulesTitle} intro={words.rulesIntro} actions={add}>
      <search className="filters">
        <Select
          label={words.show}
          value={show}
          onChange={(chosen) =>
            void navigate({ search: { show: chosen === 'used' ? undefined : chosen }, replace: true })
          }
          choices={ruleShows.map((value) => ({ value, label: words.shows[value] }))}
        />
      </search>
      <Loaded
        of={rules}
        filters={filters}
        empty={
          <Empty title={words.rulesEmptyTitle}>
            <p>{words.rulesEmptyText}</p>
            {add}
          </Empty>
        }
      >
        {(page) => (
          <>
            <Table caption={words.rulesTitle} columns={columns} rows={page.items} rowKey={({ rule_id }) => rule_id} />
            <Pager page={page} after={after} />
          </>
        )}
      </Loaded>
    </Page>
  );
}
