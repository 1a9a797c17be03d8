import { useState } from 'react';
import type { WebhookEndpoint, WebhookEndpointSecret } from '../../api/generated/operations.ts';
import { useRefresh } from '../../api/queries.ts';
import { Button } from '../../design/controls/button.tsx';
import { Dialog } from '../../design/controls/dialog.tsx';
import { TextField } from '../../design/controls/inputs.tsx';
import { Form } from '../../forms/form.tsx';
import { useForm } from '../../forms/use-form.ts';
import { useWords } from '../../messages/catalogue.ts';
import { webhooksWords } from '../../messages/words.ts';
import { useSession } from '../../shell/session.tsx';
import { ChangeEndpoint } from './endpoint-terms.tsx';
import { ShownSecret } from './shown-secret.tsx';

const operations = {
  pause: 'pauseWebhookEndpoint',
  resume: 'resumeWebhookEndpoint',
  archive: 'archiveWebhookEndpoint',
  ping: 'pingWebhookEndpoint',
} as const;
type Action = keyof typeof operations;

interface EndpointProps {
  readonly endpoint: WebhookEndpoint;
}

/** What an admin may do with an endpoint now. */
export function EndpointActions({ endpoint }: EndpointProps) {
  const words = useWords(webhooksWords);
  const { role } = useSession();
  const [action, setAction] = useState<Action | 'rotate' | 'change'>();
  if (role !== 'admin' || endpoint.status === 'archived') return null;
  const possible: readonly Action[] =
    endpoint.status === 'active' ? ['ping', 'pause', 'archive'] : ['resume', 'archive'];
  const close = () => setAction(undefined);
  return (
    <>
      {possible.map((one) => (
        <Button key={one} onClick={() => setAction(one)}>
          {words[one]}
        </Button>
      ))}
      <Button onClick={() => setAction('rotate')}>{words.rotate}</Button>
      <Button look="primary" onClick={() => setAction('change')}>
        {words.change}
      </Button>
      {action === 'change' && <ChangeEndpoint endpoint={endpoint} onClose={close} />}
      {action === 'rotate' && <RotateSecret endpoint={endpoint} onClose={close} />}
      {action && action !== 'change' && action !== 'rotate' && (
        <Confirm endpoint={endpoint} action={action} onClose={close} />
      )}
    </>
  );
}

function Confirm({
  endpoint,
  action,
  onClose,
}: EndpointProps & { readonly action: Action; readonly onClose: () => void }) {
  const words = useWords(webhooksWords);
  const refresh = useRefresh();
  const form = useForm({
    operation: operations[action],
    initial: {},
    request: (_, key) => ({ key, path: { id: endpoint.endpoint_id } }),
    onDone: async () => {
      await refresh('getWebhookEndpoint', 'listWebhookEndpoints', 'listWebhookDeliveries');
      onClose();
    },
  });
  return (
    <Dialog title={words.confirmTitle[action]} onClose={onClose}>
      <Form form={form} submit={words[action]} look={action === 'archive' ? 'danger' : 'primary'}>
        <p>{words.confirmText[action]}</p>
      </Form>
    </Dialog>
  );
}

function RotateSecret({ endpoint, onClose }: EndpointProps & { readonly onClose: () => void }) {
  const words = useWords(webhooksWords);
  const refresh = useRefresh();
  const [made, setMade] = useState<WebhookEndpointSecret>();
  const form = useForm({
    operation: 'rotateWebhookSecret',
    initial: { overlap_hours: '24' },
    request: ({ overlap_hours }, key) => ({
      key,
      path: { id: endpoint.endpoint_id },
      body: { overlap_hours: Number(overlap_hours) },
    }),
    onDone: async (answer) => {
      setMade(answer);
      await refresh('getWebhookEndpoint');
    },
  });
  if (made) return <ShownSecret secret={made.secret} onClose={onClose} />;
  return (
    <Dialog title={words.rotateTitle} onClose={onClose}>
      <Form form={form} submit={words.rotate}>
        <p>{words.rotateText}</p>
        <TextField
          label={words.overlapHours}
          hint={words.overlapHint}
          inputMode="numeric"
          {...form.field('overlap_hours')}
        />
      </Form>
    </Dialog>
  );
}
