import type { WebhookDelivery } from '../../api/generated/operations.ts';
import { Status, type Tone } from '../../design/data/status.tsx';
import { useWords } from '../../messages/catalogue.ts';
import { webhooksWords } from '../../messages/words.ts';

const tones: Readonly<Record<WebhookDelivery['state'], Tone>> = {
  pending: 'info',
  delivered: 'good',
  failed: 'bad',
  cancelled: 'neutral',
};

/** What came of a delivery so far. */
export function DeliveryResult({ delivery }: { readonly delivery: WebhookDelivery }) {
  const words = useWords(webhooksWords);
  const { state, last_status: status, last_error: error } = delivery;
  return (
    <span>
      <Status tone={tones[state]}>{words.deliveryStates[state]}</Status>{' '}
      {error && (
        <span className="soft">
          {words.errors[error]} {status}
        </span>
      )}
    </span>
  );
}
