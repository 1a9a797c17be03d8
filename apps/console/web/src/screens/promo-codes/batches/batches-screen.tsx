import { getRouteApi, Link } from '@tanstack/react-router';
import type { ListedCodeBatch } from '../../../api/generated/operations.ts';
import { useAsk } from '../../../api/queries.ts';
import { buttonClass } from '../../../design/controls/button.tsx';
import { Select } from '../../../design/controls/inputs.tsx';
import { Instant } from '../../../design/data/instant.tsx';
import { type Column, Table } from '../../../design/data/table.tsx';
import { Pager } from '../../../design/pager.tsx';
import { useWords } from '../../../messages/catalogue.ts';
import { promoCodesWords } from '../../../messages/words.ts';
import { Page } from '../../../shell/page.tsx';
import { useSession } from '../../../shell/session.tsx';
import { Empty, Loaded } from '../../../states/loaded.tsx';
import { BatchProgress } from './batch-progress.tsx';

const route = getRouteApi('/admin/batches');
const kinds = ['generate', 'import'] as const;

/** Generations and imports of codes. */
export function BatchesScreen() {
  const words = useWords(promoCodesWords);
  const { kind, after } = route.useSearch();
  const navigate = route.useNavigate();
  const { role } = useSession();
  const list = useAsk(
    'listCodeBatches',
    { query: { kind, after, limit: 25 } },
    { keepsPrevious: true, everyMs: 5_000 },
  );
  const set = (chosen: (typeof kinds)[number] | undefined) => void navigate({ search: { kind: chosen } });
  const columns: readonly Column<ListedCodeBatch>[] = [
    {
      title: words.batch,
      isHeader: true,
      cell: ({ batch_id, kind: of, pattern }) => (
        <>
          <Link to="/admin/batches/$batchId" params={{ batchId: batch_id }}>
            {words.batchKinds[of]}
          </Link>
          {pattern && (
            <div className="soft" translate="no">
              {pattern}
            </div>
          )}
        </>
      ),
    },
    { title: words.progress, cell: (batch) => <BatchProgress of={batch} /> },
    { title: words.created, cell: ({ created_at }) => <Instant at={created_at} /> },
    { title: words.changedBy, cell: ({ created_by }) => created_by },
  ];
  const actions = role === 'admin' && (
    <>
      <Link to="/admin/batches/import" className={buttonClass()}>
        {words.import}
      </Link>
      <Link to="/admin/batches/generate" className={buttonClass('primary')}>
        {words.generate}
      </Link>
    </>
  );
  return (
    <Page title={words.batches} crumb={<Link to="/admin/promo-codes">{words.title}</Link>} actions={actions}>
      <div className="filters">
        <Select
          label={words.kind}
          value={kind ?? ''}
          choices={[
            { value: '', label: words.anyKind },
            ...kinds.map((value) => ({ value, label: words.batchKinds[value] })),
          ]}
          onChange={(chosen) => set(chosen || undefined)}
        />
      </div>
      <Loaded
        of={list}
        filters={kind ? [{ name: words.batchKinds[kind], drop: () => set(undefined) }] : []}
        empty={<Empty title={words.noBatches}>{words.noBatchesText}</Empty>}
      >
        {(page) => (
          <>
            <Table caption={words.batches} columns={columns} rows={page.items} rowKey={({ batch_id }) => batch_id} />
            <Pager page={page} after={after} />
          </>
        )}
      </Loaded>
    </Page>
  );
}
