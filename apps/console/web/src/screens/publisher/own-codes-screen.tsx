import { getRouteApi, Link } from '@tanstack/react-router';
import type { PublisherCode } from '../../api/generated/operations.ts';
import { useAsk } from '../../api/queries.ts';
import { Select } from '../../design/controls/inputs.tsx';
import { SearchField } from '../../design/controls/search-field.tsx';
import { Money } from '../../design/data/money.tsx';
import { type Column, Table } from '../../design/data/table.tsx';
import { Pager } from '../../design/pager.tsx';
import { useWords } from '../../messages/catalogue.ts';
import { codesWords, publisherWords } from '../../messages/words.ts';
import { Page } from '../../shell/page.tsx';
import { Empty, Loaded } from '../../states/loaded.tsx';
import { Availability, CodeStatusBadge } from '../code-parts/availability.tsx';
import { UsesMeter } from '../code-parts/uses.tsx';

const route = getRouteApi('/publisher/codes');
const statuses = ['draft', 'active', 'paused', 'expired', 'archived'] as const;

/** The codes of a publisher, as they are now. */
export function OwnCodesScreen() {
  const words = useWords(publisherWords);
  const codes = useWords(codesWords);
  const { search, status, after } = route.useSearch();
  const navigate = route.useNavigate();
  const list = useAsk('listPublisherCodes', { query: { search, status, after, limit: 25 } }, { keepsPrevious: true });
  const refresh = () => void list.refetch();
  const columns: readonly Column<PublisherCode>[] = [
    { title: codes.code, isHeader: true, cell: (code) => <CodeLink of={code} /> },
    {
      title: words.availability,
      cell: ({ hours }) => (
        <Availability open={hours.open} opensAt={hours.next_opens_at} closesAt={hours.closes_at} onChange={refresh} />
      ),
    },
    {
      title: codes.remaining,
      cell: ({ uses }) => (
        <UsesMeter used={uses.used} held={uses.held} maxUses={uses.max_uses} remaining={uses.remaining} />
      ),
    },
    {
      title: codes.moneyLeft,
      align: 'end',
      cell: ({ money, currency }) =>
        currency && money.remaining_minor !== null && <Money minor={money.remaining_minor} currency={currency} />,
    },
    {
      title: words.status,
      cell: ({ status: now, auto_deactivated_at }) => (
        <CodeStatusBadge status={now} isUsedUp={auto_deactivated_at !== null} />
      ),
    },
  ];
  const filters = [
    ...(search ? [{ name: search, drop: () => void navigate({ search: { status } }) }] : []),
    ...(status ? [{ name: codes.status[status], drop: () => void navigate({ search: { search } }) }] : []),
  ];
  return (
    <Page title={words.title} intro={words.intro}>
      <div className="filters">
        <SearchField
          className="grow"
          label={words.search}
          value={search ?? ''}
          onSearch={(text) => void navigate({ search: { status, search: text || undefined }, replace: true })}
        />
        <Select
          label={words.status}
          value={status ?? ''}
          choices={[
            { value: '', label: words.anyStatus },
            ...statuses.map((value) => ({ value, label: codes.status[value] })),
          ]}
          onChange={(chosen) => void navigate({ search: { search, status: chosen || undefined } })}
        />
      </div>
      <Loaded of={list} filters={filters} empty={<Empty title={words.none}>{words.noneText}</Empty>}>
        {(page) => (
          <>
            <Table caption={words.title} columns={columns} rows={page.items} rowKey={({ code_id }) => code_id} />
            <Pager page={page} after={after} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

function CodeLink({ of: { code_id, code, title } }: { readonly of: PublisherCode }) {
  return (
    <>
      <Link to="/publisher/codes/$codeId" params={{ codeId: code_id }} translate="no">
        {code}
      </Link>
      {title && <div className="soft">{title}</div>}
    </>
  );
}
