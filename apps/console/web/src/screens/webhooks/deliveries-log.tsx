import { getRouteApi } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import type { WebhookDelivery, WebhookEndpoint } from '../../api/generated/operations.ts';
import { useAsk } from '../../api/queries.ts';
import { Button } from '../../design/controls/button.tsx';
import { Dialog } from '../../design/controls/dialog.tsx';
import { Select } from '../../design/controls/inputs.tsx';
import { SearchField } from '../../design/controls/search-field.tsx';
import { Instant } from '../../design/data/instant.tsx';
import { type Column, Table } from '../../design/data/table.tsx';
import { Pager } from '../../design/pager.tsx';
import { shortId } from '../../format/short-id.ts';
import { useWords } from '../../messages/catalogue.ts';
import { webhooksWords } from '../../messages/words.ts';
import { useSession } from '../../shell/session.tsx';
import { Empty, Loaded } from '../../states/loaded.tsx';
import { Skeleton } from '../../states/skeleton.tsx';
import { DeliveryDialog } from './delivery-dialog.tsx';
import { DeliveryResult } from './delivery-result.tsx';
import { deliveryStates } from './params.ts';

const ReplayRange = lazy(async () => ({ default: (await import('./replay-range.tsx')).ReplayRange }));

const route = getRouteApi('/admin/webhooks/$endpointId');
/** The log is read again while it is looked at. */
const everyMs = 5_000;

/** The deliveries of an endpoint, the newest first. */
export function DeliveriesLog({ endpoint }: { readonly endpoint: WebhookEndpoint }) {
  const words = useWords(webhooksWords);
  const { state, subject, delivery, after } = route.useSearch();
  const navigate = route.useNavigate();
  const isAdmin = useSession().role === 'admin';
  const [isReplaying, setReplaying] = useState(false);
  const id = endpoint.endpoint_id;
  const list = useAsk(
    'listWebhookDeliveries',
    { path: { id }, query: { state, subject, after, limit: 25 } },
    { keepsPrevious: true, everyMs },
  );
  const set = (change: Partial<ReturnType<typeof route.useSearch>>) =>
    void navigate({ search: (before) => ({ ...before, after: undefined, ...change }), replace: true });
  const columns: readonly Column<WebhookDelivery>[] = [
    {
      title: words.event,
      isHeader: true,
      cell: ({ event_type, event_id }) => (
        <span translate="no">
          {event_type}
          <div className="soft">{shortId(event_id)}</div>
        </span>
      ),
    },
    { title: words.subject, cell: (row) => <span translate="no">{shortId(row.subject)}</span> },
    { title: words.result, cell: (row) => <DeliveryResult delivery={row} /> },
    { title: words.attempts, align: 'end', cell: ({ attempts }) => attempts },
    { title: words.made, cell: ({ created_at }) => <Instant at={created_at} isZoneHidden /> },
    {
      title: words.open,
      align: 'end',
      cell: ({ delivery_id }) => (
        <Button size="small" onClick={() => set({ delivery: delivery_id, after })}>
          {words.open}
        </Button>
      ),
    },
  ];
  const filters = [
    ...(state ? [{ name: words.deliveryStates[state], drop: () => set({ state: undefined }) }] : []),
    ...(subject ? [{ name: subject, drop: () => set({ subject: undefined }) }] : []),
  ];
  const choices = deliveryStates.map((value) => ({ value, label: words.deliveryStates[value] }));
  return (
    <section className="card">
      <div className="card-head">
        <h2>{words.log}</h2>
        {isAdmin && endpoint.status === 'active' && (
          <Button onClick={() => setReplaying(true)}>{words.replayRange}</Button>
        )}
      </div>
      <div className="filters">
        <SearchField
          className="grow"
          label={words.subjectFilter}
          value={subject ?? ''}
          onSearch={(text) => set({ subject: text || undefined })}
        />
        <Select
          label={words.result}
          value={state ?? ''}
          choices={[{ value: '', label: words.any }, ...choices]}
          onChange={(chosen) => set({ state: chosen || undefined })}
        />
      </div>
      <Loaded of={list} filters={filters} empty={<Empty title={words.logNone}>{words.logNoneText}</Empty>}>
        {(page) => (
          <>
            <Table caption={words.log} columns={columns} rows={page.items} rowKey={({ delivery_id }) => delivery_id} />
            <Pager page={page} after={after} />
          </>
        )}
      </Loaded>
      {delivery && (
        <DeliveryDialog endpoint={endpoint} deliveryId={delivery} onClose={() => set({ delivery: undefined, after })} />
      )}
      {isReplaying && (
        <Dialog title={words.replayRange} onClose={() => setReplaying(false)}>
          <Suspense fallback={<Skeleton />}>
            <ReplayRange endpointId={id} onClose={() => setReplaying(false)} />
          </Suspense>
        </Dialog>
      )}
    </section>
  );
}
