import type { WebhookAttempt, WebhookDeliveryDetail, WebhookEndpoint } from '../../api/generated/operations.ts';
import { useAsk, useRefresh } from '../../api/queries.ts';
import { Copyable } from '../../design/controls/copyable.tsx';
import { Dialog } from '../../design/controls/dialog.tsx';
import { Instant } from '../../design/data/instant.tsx';
import { Form } from '../../forms/form.tsx';
import { useForm } from '../../forms/use-form.ts';
import { useWords } from '../../messages/catalogue.ts';
import { webhooksWords } from '../../messages/words.ts';
import { useSession } from '../../shell/session.tsx';
import { Loaded } from '../../states/loaded.tsx';
import { DeliveryResult } from './delivery-result.tsx';

interface DeliveryProps {
  readonly endpoint: WebhookEndpoint;
  readonly deliveryId: string;
  readonly onClose: () => void;
}

/** One delivery: its body, and what came of each attempt. */
export function DeliveryDialog({ endpoint, deliveryId, onClose }: DeliveryProps) {
  const words = useWords(webhooksWords);
  const path = { id: endpoint.endpoint_id, delivery_id: deliveryId };
  const delivery = useAsk('getWebhookDelivery', { path });
  return (
    <Dialog title={words.delivery} look="wide" onClose={onClose}>
      <Loaded of={delivery}>{(shown) => <Shown endpoint={endpoint} delivery={shown} />}</Loaded>
    </Dialog>
  );
}

function Shown({
  endpoint,
  delivery,
}: {
  readonly endpoint: WebhookEndpoint;
  readonly delivery: WebhookDeliveryDetail;
}) {
  const words = useWords(webhooksWords);
  const { role } = useSession();
  const mayReplay = role === 'admin' && endpoint.status === 'active' && delivery.state !== 'pending';
  return (
    <div className="stack">
      <dl className="pairs">
        <dt>{words.event}</dt>
        <dd translate="no">{delivery.event_type}</dd>
        <dt>{words.messageId}</dt>
        <dd>
          <Copyable value={delivery.event_id} name={words.messageId} />
        </dd>
        <dt>{words.subject}</dt>
        <dd>
          <Copyable value={delivery.subject} name={words.subject} />
        </dd>
        <dt>{words.occurred}</dt>
        <dd>
          <Instant at={delivery.occurred_at} />
        </dd>
        <dt>{words.result}</dt>
        <dd>
          <DeliveryResult delivery={delivery} />
        </dd>
        {delivery.next_attempt_at && (
          <>
            <dt>{words.next}</dt>
            <dd>
              <Instant at={delivery.next_attempt_at} />
            </dd>
          </>
        )}
      </dl>
      <h3>{words.attempts}</h3>
      {delivery.log.length === 0 && <p className="soft">{words.noAttempts}</p>}
      <ul className="plain-list stack-s">
        {delivery.log.map((attempt) => (
          <Attempt key={attempt.number} attempt={attempt} />
        ))}
      </ul>
      <h3>{words.payload}</h3>
      <p>
        <Copyable value={delivery.payload} name={words.payload} />
      </p>
      {mayReplay && <Replay delivery={delivery} />}
    </div>
  );
}

function Attempt({ attempt }: { readonly attempt: WebhookAttempt }) {
  const words = useWords(webhooksWords);
  const { number, at, duration_ms: duration, status, error, detail, answer } = attempt;
  return (
    <li>
      <span className="strong">{words.attemptOf(number)}</span> <Instant at={at} /> {status}{' '}
      {error && words.errors[error]} <span className="soft">{words.milliseconds(duration)}</span>
      {(detail || answer) && (
        <div className="soft small" translate="no">
          {detail ?? answer}
        </div>
      )}
    </li>
  );
}

function Replay({ delivery }: { readonly delivery: WebhookDeliveryDetail }) {
  const words = useWords(webhooksWords);
  const refresh = useRefresh();
  const form = useForm({
    operation: 'replayWebhookDelivery',
    initial: {},
    request: (_, key) => ({ key, path: { id: delivery.endpoint_id, delivery_id: delivery.delivery_id } }),
    onDone: () => refresh('getWebhookDelivery', 'listWebhookDeliveries'),
  });
  return <Form form={form} submit={words.replay} />;
}
