import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import type { QuarantinedNotification } from '../../../api/generated/operations.ts';
import { useAsk } from '../../../api/queries.ts';
import { Button } from '../../../design/controls/button.tsx';
import { Select } from '../../../design/controls/inputs.tsx';
import { Instant } from '../../../design/data/instant.tsx';
import { ProviderName } from '../../../design/data/provider-name.tsx';
import { Pager } from '../../../design/pager.tsx';
import { useWords } from '../../../messages/catalogue.ts';
import { paymentsWords } from '../../../messages/words.ts';
import { Page } from '../../../shell/page.tsx';
import { Empty, Loaded } from '../../../states/loaded.tsx';
import { ReferenceRow } from '../../reference-row.tsx';
import { DismissNotification } from './dismiss.tsx';
import { LookTabs } from './look-tabs.tsx';

const route = getRouteApi('/quarantined');
const states = ['open', 'dismissed', 'settled'] as const;

/** Notifications with a valid signature that were not applied, with their own bytes and the reason. */
export function QuarantinedScreen() {
  const words = useWords(paymentsWords);
  const { state, after } = route.useSearch();
  const navigate = route.useNavigate();
  const notifications = useAsk(
    'listQuarantinedNotifications',
    { query: { state: state ?? 'open', after, limit: 20 } },
    { keepsPrevious: true },
  );
  const show = (chosen: (typeof states)[number]) =>
    void navigate({ search: chosen === 'open' ? {} : { state: chosen }, replace: true });
  const empty = (
    <Empty title={words.quarantinedEmptyTitle}>{state === undefined && <p>{words.quarantinedEmptyText}</p>}</Empty>
  );
  return (
    <Page title={words.quarantinedTitle} intro={words.quarantinedIntro}>
      <LookTabs current="quarantined" />
      <div className="filters">
        <Select
          label={words.state}
          value={state ?? 'open'}
          onChange={show}
          choices={states.map((value) => ({ value, label: words.states[value] }))}
        />
      </div>
      <Loaded of={notifications} empty={empty}>
        {(page) => (
          <div className="stack">
            {page.items.map((notification) => (
              <Notification key={notification.notification_id} of={notification} />
            ))}
            <Pager page={page} after={after} />
          </div>
        )}
      </Loaded>
    </Page>
  );
}

function Notification({ of: notification }: { readonly of: QuarantinedNotification }) {
  const words = useWords(paymentsWords);
  const [isOpen, setOpen] = useState(false);
  const { notification_id, provider, event_id, reason, payment_id, received_at, dismissal, settlement } = notification;
  return (
    <section className="card" aria-labelledby={notification_id}>
      <div className="card-head">
        <div>
          <h2 id={notification_id}>{words.quarantineReasons[reason] ?? reason}</h2>
          <code className="soft small" translate="no">
            {reason}
          </code>
        </div>
        {!dismissal && !settlement && <Button onClick={() => setOpen(true)}>{words.dismissNotification}</Button>}
      </div>
      <dl className="pairs">
        <dt>{words.provider}</dt>
        <dd>
          <ProviderName provider={provider} />
        </dd>
        <dt>{words.event}</dt>
        <dd translate="no">{event_id ?? '–'}</dd>
        <dt>{words.received}</dt>
        <dd>
          <Instant at={received_at} />
        </dd>
        <ReferenceRow title={words.payment} to="/payments/$id" id={payment_id} />
      </dl>
      {dismissal && (
        <p className="soft">
          {words.dismissedBy(dismissal.dismissed_by)}: {dismissal.note}
        </p>
      )}
      {settlement && <p className="soft">{words.settledBy}</p>}
      <Bytes headers={notification.headers} body={notification.body} />
      {isOpen && <DismissNotification id={notification_id} onClose={() => setOpen(false)} />}
    </section>
  );
}

interface BytesProps {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The notification as it was received. */
export function Bytes({ headers, body }: BytesProps) {
  const words = useWords(paymentsWords);
  return (
    <details>
      <summary>{words.bytes}</summary>
      <div className="stack-s">
        {headers && (
          <pre className="code" translate="no">
            {Object.entries(headers)
              .map(([name, value]) => `${name}: ${value}`)
              .join('\n')}
          </pre>
        )}
        <pre className="code" translate="no">
          {body}
        </pre>
      </div>
    </details>
  );
}
