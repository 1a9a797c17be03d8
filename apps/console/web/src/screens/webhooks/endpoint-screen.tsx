import { getRouteApi, Link } from '@tanstack/react-router';
import type { WebhookEndpoint } from '../../api/generated/operations.ts';
import { useAsk } from '../../api/queries.ts';
import { Copyable } from '../../design/controls/copyable.tsx';
import { Instant } from '../../design/data/instant.tsx';
import { useWords } from '../../messages/catalogue.ts';
import { webhooksWords } from '../../messages/words.ts';
import { Page } from '../../shell/page.tsx';
import { Loaded } from '../../states/loaded.tsx';
import { Notice } from '../../states/state.tsx';
import { DeliveriesLog } from './deliveries-log.tsx';
import { EndpointActions } from './endpoint-actions.tsx';
import { EndpointStatus } from './endpoint-status.tsx';

const route = getRouteApi('/admin/webhooks/$endpointId');

/** One endpoint: its state, its terms, its secrets without the secrets, and the log of its deliveries. */
export function EndpointScreen() {
  const words = useWords(webhooksWords);
  const { endpointId } = route.useParams();
  const endpoint = useAsk('getWebhookEndpoint', { path: { id: endpointId } });
  const crumb = <Link to="/admin/webhooks">{words.endpoints}</Link>;
  const actions = endpoint.data && <EndpointActions endpoint={endpoint.data} />;
  return (
    <Page title={words.endpoint} crumb={crumb} actions={actions}>
      <Loaded of={endpoint}>
        {(shown) => (
          <>
            {shown.status_reason && (
              <Notice tone="bad" title={words.reasons[shown.status_reason]}>
                {words.disabledNext}
              </Notice>
            )}
            <Details endpoint={shown} />
            <DeliveriesLog endpoint={shown} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Details({ endpoint }: { readonly endpoint: WebhookEndpoint }) {
  const words = useWords(webhooksWords);
  const { failing_since: failingSince, next_attempt_at: nextAttemptAt } = endpoint;
  return (
    <section className="card">
      <h2>{words.details}</h2>
      <dl className="pairs">
        <dt>{words.url}</dt>
        <dd>
          <Copyable value={endpoint.url} name={words.url} />
        </dd>
        {endpoint.description && (
          <>
            <dt>{words.description}</dt>
            <dd>{endpoint.description}</dd>
          </>
        )}
        <dt>{words.state}</dt>
        <dd>
          <EndpointStatus endpoint={endpoint} /> <Instant at={endpoint.status_changed_at} />
        </dd>
        {failingSince && (
          <>
            <dt>{words.failingSince}</dt>
            <dd>
              <Instant at={failingSince} />
            </dd>
          </>
        )}
        {nextAttemptAt && (
          <>
            <dt>{words.triedAgain}</dt>
            <dd>
              <Instant at={nextAttemptAt} />
            </dd>
          </>
        )}
        <dt>{words.eventTypes}</dt>
        <dd>
          <ul className="plain-list" translate="no">
            {endpoint.event_types.map((type) => (
              <li key={type}>{type}</li>
            ))}
          </ul>
        </dd>
        <dt>{words.secrets}</dt>
        <dd>
          <ul className="plain-list">
            {endpoint.secrets.map(({ created_at, expires_at }) => (
              <li key={created_at}>
                <Instant at={created_at} />{' '}
                {expires_at === null ? (
                  words.secretNewest
                ) : (
                  <>
                    {words.secretUntil} <Instant at={expires_at} />
                  </>
                )}
              </li>
            ))}
          </ul>
        </dd>
      </dl>
    </section>
  );
}
