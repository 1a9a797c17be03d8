import { getRouteApi, Link } from '@tanstack/react-router';
import { urlOf } from '../../../api/ask.ts';
import type { PromoCode } from '../../../api/generated/operations.ts';
import { useAsk } from '../../../api/queries.ts';
import { buttonClass } from '../../../design/controls/button.tsx';
import { Select } from '../../../design/controls/inputs.tsx';
import { SearchField } from '../../../design/controls/search-field.tsx';
import { type Column, Table } from '../../../design/data/table.tsx';
import { Pager } from '../../../design/pager.tsx';
import { useWords } from '../../../messages/catalogue.ts';
import { codesWords, promoCodesWords } from '../../../messages/words.ts';
import { Page } from '../../../shell/page.tsx';
import { useSession } from '../../../shell/session.tsx';
import { Empty, Loaded } from '../../../states/loaded.tsx';
import { Availability, CodeStatusBadge } from '../../code-parts/availability.tsx';
import { UsesMeter } from '../../code-parts/uses.tsx';
import { TopCodes } from './top-codes.tsx';

const route = getRouteApi('/admin/promo-codes');
const statuses = ['draft', 'active', 'paused', 'expired', 'archived'] as const;
const kinds = ['discount', 'bonus'] as const;
const sorts = ['newest', 'oldest', 'code'] as const;

/** Every promo code, filtered by the address of the page. */
export function PromoCodesScreen() {
  const words = useWords(promoCodesWords);
  const codes = useWords(codesWords);
  const { after, owner, batch, ...filter } = route.useSearch();
  const navigate = route.useNavigate();
  const query = { ...filter, owner_id: owner, batch_id: batch };
  const list = useAsk('listPromoCodes', { query: { ...query, after, limit: 25 } }, { keepsPrevious: true });
  const { sort: _, ...exported } = query;
  const set = (change: Partial<ReturnType<typeof route.useSearch>>, replace = false) =>
    void navigate({ search: (before) => ({ ...before, after: undefined, ...change }), replace });
  const filters = [
    ...(filter.search ? [{ name: filter.search, drop: () => set({ search: undefined }) }] : []),
    ...(filter.status ? [{ name: codes.status[filter.status], drop: () => set({ status: undefined }) }] : []),
    ...(filter.kind ? [{ name: codes.kind[filter.kind], drop: () => set({ kind: undefined }) }] : []),
    ...(owner ? [{ name: owner, drop: () => set({ owner: undefined }) }] : []),
    ...(batch ? [{ name: words.batch, drop: () => set({ batch: undefined }) }] : []),
  ];
  return (
    <Page title={words.title} actions={<Actions csv={urlOf('exportCodes', { query: exported })} />}>
      <div className="filters">
        <SearchField
          className="grow"
          label={words.search}
          value={filter.search ?? ''}
          onSearch={(text) => set({ search: text || undefined }, true)}
        />
        <Select
          label={words.status}
          value={filter.status ?? ''}
          choices={[
            { value: '', label: words.anyStatus },
            ...statuses.map((value) => ({ value, label: codes.status[value] })),
          ]}
          onChange={(status) => set({ status: status || undefined })}
        />
        <Select
          label={words.kind}
          value={filter.kind ?? ''}
          choices={[
            { value: '', label: words.anyKind },
            ...kinds.map((value) => ({ value, label: codes.kind[value] })),
          ]}
          onChange={(kind) => set({ kind: kind || undefined })}
        />
        <SearchField
          label={words.owner}
          value={owner ?? ''}
          onSearch={(text) => set({ owner: text || undefined }, true)}
        />
        <Select
          label={words.sort}
          value={filter.sort ?? 'newest'}
          choices={sorts.map((value) => ({ value, label: words.sorts[value] }))}
          onChange={(sort) => set({ sort })}
        />
      </div>
      <Loaded of={list} filters={filters} empty={<Empty title={words.none}>{words.noneText}</Empty>}>
        {(page) => (
          <>
            <CodesTable rows={page.items} refresh={() => void list.refetch()} />
            <Pager page={page} after={after} />
          </>
        )}
      </Loaded>
      {!list.isLoading && <TopCodes />}
    </Page>
  );
}

function Actions({ csv }: { readonly csv: string }) {
  const words = useWords(promoCodesWords);
  const { role } = useSession();
  return (
    <>
      <a href={csv} download className={buttonClass()}>
        {words.csv}
      </a>
      <Link to="/admin/batches" className={buttonClass()}>
        {words.batches}
      </Link>
      {role === 'admin' && (
        <Link to="/admin/promo-codes/new" className={buttonClass('primary')}>
          {words.newCode}
        </Link>
      )}
    </>
  );
}

function CodesTable({ rows, refresh }: { readonly rows: readonly PromoCode[]; readonly refresh: () => void }) {
  const words = useWords(promoCodesWords);
  const codes = useWords(codesWords);
  const columns: readonly Column<PromoCode>[] = [
    {
      title: codes.code,
      isHeader: true,
      cell: ({ code_id, code, title }) => (
        <>
          <Link to="/admin/promo-codes/$codeId" params={{ codeId: code_id }} translate="no">
            {code}
          </Link>
          {title && <div className="soft">{title}</div>}
        </>
      ),
    },
    { title: words.kind, cell: ({ kind }) => codes.kind[kind] },
    {
      title: words.now,
      cell: ({ open, next_opens_at, closes_at }) => (
        <Availability open={open} opensAt={next_opens_at} closesAt={closes_at} onChange={refresh} />
      ),
    },
    {
      title: codes.remaining,
      cell: ({ usage_count, held_count, max_uses, remaining }) => (
        <UsesMeter used={usage_count} held={held_count} maxUses={max_uses} remaining={remaining} />
      ),
    },
    {
      title: words.status,
      cell: ({ status, auto_deactivated_at }) => (
        <CodeStatusBadge status={status} isUsedUp={auto_deactivated_at !== null} />
      ),
    },
  ];
  return <Table caption={words.title} columns={columns} rows={rows} rowKey={({ code_id }) => code_id} />;
}
