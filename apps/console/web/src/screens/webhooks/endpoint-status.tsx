import type { WebhookEndpoint } from '../../api/generated/operations.ts';
import { Status, type Tone } from '../../design/data/status.tsx';
import { useWords } from '../../messages/catalogue.ts';
import { webhooksWords } from '../../messages/words.ts';

const tones: Readonly<Record<WebhookEndpoint['status'], Tone>> = {
  active: 'good',
  paused: 'neutral',
  disabled: 'bad',
  archived: 'neutral',
};

/** The state of an endpoint, and its failures since the last success. */
export function EndpointStatus({ endpoint }: { readonly endpoint: WebhookEndpoint }) {
  const words = useWords(webhooksWords);
  const { status, failures } = endpoint;
  return (
    <span>
      <Status tone={tones[status]}>{words.states[status]}</Status>{' '}
      {failures > 0 && <Status tone="warn">{words.failures(failures)}</Status>}
    </span>
  );
}
