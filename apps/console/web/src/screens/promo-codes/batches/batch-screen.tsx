import { getRouteApi, Link } from '@tanstack/react-router';
import type { CodeBatch } from '../../../api/generated/operations.ts';
import { useAsk } from '../../../api/queries.ts';
import { buttonClass } from '../../../design/controls/button.tsx';
import { Instant } from '../../../design/data/instant.tsx';
import { ServerText } from '../../../design/data/server-text.tsx';
import { type Column, Table } from '../../../design/data/table.tsx';
import { useWords } from '../../../messages/catalogue.ts';
import { codesWords, promoCodesWords } from '../../../messages/words.ts';
import { ActionsLink } from '../../../shell/actions-link.tsx';
import { Page } from '../../../shell/page.tsx';
import { Loaded } from '../../../states/loaded.tsx';
import { BatchProgress } from './batch-progress.tsx';

const route = getRouteApi('/admin/batches/$batchId');
type FailedRow = CodeBatch['report'][number];

/** One generation or import: its progress, and the rows that became no code. */
export function BatchScreen() {
  const { batchId } = route.useParams();
  const words = useWords(promoCodesWords);
  const batch = useAsk('getCodeBatch', { path: { id: batchId } }, { everyMs: 2_000 });
  const title = batch.data ? words.batchKinds[batch.data.kind] : words.batch;
  return (
    <Page title={title} crumb={<Link to="/admin/batches">{words.batches}</Link>} intro={batch.data?.pattern}>
      <Loaded of={batch}>{(loaded) => <Batch of={loaded} />}</Loaded>
    </Page>
  );
}

function Batch({ of: batch }: { readonly of: CodeBatch }) {
  const words = useWords(promoCodesWords);
  const codes = useWords(codesWords);
  const columns: readonly Column<FailedRow>[] = [
    { title: words.row, isHeader: true, cell: ({ row }) => row },
    { title: codes.code, cell: ({ code }) => <span translate="no">{code}</span> },
    { title: words.field, cell: ({ field }) => field && <code translate="no">{field}</code> },
    { title: codes.reason, cell: ({ message }) => <ServerText>{message}</ServerText> },
  ];
  return (
    <>
      <section className="card">
        <BatchProgress of={batch} />
        <dl className="pairs">
          <dt>{words.created}</dt>
          <dd>
            <Instant at={batch.created_at} /> <span className="soft">{batch.created_by}</span>
          </dd>
          {batch.finished_at && (
            <>
              <dt>{words.finished}</dt>
              <dd>
                <Instant at={batch.finished_at} />
              </dd>
            </>
          )}
        </dl>
        <div className="row">
          <Link to="/admin/promo-codes" search={{ batch: batch.batch_id }} className={buttonClass()}>
            {words.codesOfBatch}
          </Link>
          <ActionsLink subject={batch.batch_id} />
        </div>
      </section>
      {batch.report.length > 0 && (
        <section className="card">
          <h2>{words.report}</h2>
          {batch.failed > batch.report.length && <p className="soft small">{words.firstRows(batch.report.length)}</p>}
          <Table caption={words.report} columns={columns} rows={batch.report} rowKey={({ row }) => String(row)} />
        </section>
      )}
    </>
  );
}
