import { useState } from 'react';
import type { WebhookEndpoint, WebhookEndpointSecret } from '../../api/generated/operations.ts';
import { useAsk, useRefresh } from '../../api/queries.ts';
import { Check } from '../../design/controls/check.tsx';
import { Dialog } from '../../design/controls/dialog.tsx';
import { TextField } from '../../design/controls/inputs.tsx';
import { Form } from '../../forms/form.tsx';
import { type FormHandle, useForm } from '../../forms/use-form.ts';
import { useWords } from '../../messages/catalogue.ts';
import { webhooksWords } from '../../messages/words.ts';
import { Loaded } from '../../states/loaded.tsx';
import { ShownSecret } from './shown-secret.tsx';

interface Terms {
  readonly url: string;
  readonly description: string;
  readonly event_types: readonly string[];
}

/** Creates an endpoint, and shows its secret. */
export function CreateEndpoint({
  onClose,
  onSeen,
}: {
  readonly onClose: () => void;
  /** The secret was seen. */
  readonly onSeen: (endpointId: string) => void;
}) {
  const words = useWords(webhooksWords);
  const refresh = useRefresh();
  const [made, setMade] = useState<WebhookEndpointSecret>();
  const form = useForm({
    operation: 'createWebhookEndpoint',
    initial: { url: '', description: '', event_types: [] } as Terms,
    request: ({ event_types, ...terms }, key) => ({ key, body: { ...terms, event_types: [...event_types] } }),
    onDone: async (answer) => {
      setMade(answer);
      await refresh('listWebhookEndpoints');
    },
  });
  if (made) return <ShownSecret secret={made.secret} onClose={() => onSeen(made.endpoint.endpoint_id)} />;
  return (
    <Dialog title={words.create} look="wide" onClose={onClose}>
      <Form form={form} submit={words.create}>
        <TermsFields form={form} />
      </Form>
    </Dialog>
  );
}

/** Changes an endpoint, unless somebody else did meanwhile. */
export function ChangeEndpoint({
  endpoint,
  onClose,
}: {
  readonly endpoint: WebhookEndpoint;
  readonly onClose: () => void;
}) {
  const words = useWords(webhooksWords);
  const refresh = useRefresh();
  const { endpoint_id: id, version, url, description, event_types } = endpoint;
  const form = useForm({
    operation: 'changeWebhookEndpoint',
    initial: { url, description, event_types } as Terms,
    request: ({ event_types: types, ...terms }, key) => ({
      key,
      path: { id },
      body: { version, ...terms, event_types: [...types] },
    }),
    onDone: async () => {
      await refresh('getWebhookEndpoint', 'listWebhookEndpoints');
      onClose();
    },
    onRefused: ({ problem }) => {
      if (problem.code === 'WEBHOOK_ENDPOINT_CHANGED') void refresh('getWebhookEndpoint');
    },
  });
  const nextStep = (code: string) => code === 'WEBHOOK_ENDPOINT_CHANGED' && <p>{words.changedMeanwhile}</p>;
  return (
    <Dialog title={words.changeTitle} look="wide" onClose={onClose}>
      <Form form={form} submit={words.save} nextStep={nextStep}>
        <TermsFields form={form} />
      </Form>
    </Dialog>
  );
}

function TermsFields({ form }: { readonly form: FormHandle<Terms> }) {
  const words = useWords(webhooksWords);
  return (
    <>
      <TextField label={words.url} hint={words.urlHint} type="url" {...form.field('url')} />
      <TextField label={words.description} isOptional {...form.field('description')} />
      <EventTypes form={form} />
    </>
  );
}

function EventTypes({ form }: { readonly form: FormHandle<Terms> }) {
  const words = useWords(webhooksWords);
  const types = useAsk('listWebhookEventTypes', {});
  const chosen = new Set(form.values.event_types);
  const error = form.errorAt('/event_types');
  const choose = (type: string, isChosen: boolean) =>
    form.change({
      event_types: isChosen ? [...chosen, type] : [...chosen].filter((one) => one !== type),
    });
  return (
    <fieldset className="stack-s">
      <legend>{words.eventTypes}</legend>
      <p className="soft small">{words.typesHint}</p>
      {error && <p className="error">{error}</p>}
      <Loaded of={types}>
        {({ items }) =>
          items.map(({ type }) => (
            <Check key={type} label={type} value={chosen.has(type)} onChange={(next) => choose(type, next)} />
          ))
        }
      </Loaded>
    </fieldset>
  );
}
