import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { WebhookEndpoint } from '../../api/generated/operations.ts';
import { useAsk } from '../../api/queries.ts';
import { Button } from '../../design/controls/button.tsx';
import { Select } from '../../design/controls/inputs.tsx';
import { Instant } from '../../design/data/instant.tsx';
import { type Column, Table } from '../../design/data/table.tsx';
import { Pager } from '../../design/pager.tsx';
import { useWords } from '../../messages/catalogue.ts';
import { webhooksWords } from '../../messages/words.ts';
import { Page } from '../../shell/page.tsx';
import { useSession } from '../../shell/session.tsx';
import { Empty, Loaded } from '../../states/loaded.tsx';
import { EndpointStatus } from './endpoint-status.tsx';
import { CreateEndpoint } from './endpoint-terms.tsx';
import { endpointStates } from './params.ts';

const route = getRouteApi('/admin/webhooks');

/** The outside systems that get events. */
export function EndpointsScreen() {
  const words = useWords(webhooksWords);
  const { status, after } = route.useSearch();
  const navigate = route.useNavigate();
  const isAdmin = useSession().role === 'admin';
  const [isCreating, setCreating] = useState(false);
  const list = useAsk('listWebhookEndpoints', { query: { status, after, limit: 25 } }, { keepsPrevious: true });
  const show = (next: typeof status) => void navigate({ search: { status: next }, replace: true });
  const columns: readonly Column<WebhookEndpoint>[] = [
    {
      title: words.endpoint,
      isHeader: true,
      cell: ({ endpoint_id, url, description }) => (
        <div>
          <Link to="/admin/webhooks/$endpointId" params={{ endpointId: endpoint_id }} className="folded" translate="no">
            {url}
          </Link>
          {description && <div className="soft">{description}</div>}
        </div>
      ),
    },
    { title: words.state, cell: (endpoint) => <EndpointStatus endpoint={endpoint} /> },
    { title: words.eventTypes, cell: ({ event_types }) => words.typesCount(event_types.length) },
    { title: words.created, cell: ({ created_at }) => <Instant at={created_at} /> },
  ];
  const actions = isAdmin && (
    <Button look="primary" onClick={() => setCreating(true)}>
      {words.create}
    </Button>
  );
  const choices = endpointStates.map((value) => ({ value, label: words.states[value] }));
  return (
    <Page title={words.title} intro={words.intro} actions={actions}>
      <div className="filters">
        <Select
          label={words.state}
          value={status ?? ''}
          choices={[{ value: '', label: words.any }, ...choices]}
          onChange={(chosen) => show(chosen || undefined)}
        />
      </div>
      <Loaded
        of={list}
        filters={status ? [{ name: words.states[status], drop: () => show(undefined) }] : []}
        empty={<Empty title={words.none}>{words.noneText}</Empty>}
      >
        {(page) => (
          <>
            <Table
              caption={words.title}
              columns={columns}
              rows={page.items}
              rowKey={({ endpoint_id }) => endpoint_id}
            />
            <Pager page={page} after={after} />
          </>
        )}
      </Loaded>
      {isCreating && (
        <CreateEndpoint
          onClose={() => setCreating(false)}
          onSeen={(endpointId) => void navigate({ to: '/admin/webhooks/$endpointId', params: { endpointId } })}
        />
      )}
    </Page>
  );
}
