import { useState } from 'react';
import { useRefresh } from '../../api/queries.ts';
import { DateTimeField } from '../../design/aria/date-time-field.tsx';
import { Button } from '../../design/controls/button.tsx';
import { Select } from '../../design/controls/inputs.tsx';
import { ownZone } from '../../format/instants.ts';
import { serverNow } from '../../format/server-clock.ts';
import { Form } from '../../forms/form.tsx';
import { useForm } from '../../forms/use-form.ts';
import { useWords } from '../../messages/catalogue.ts';
import { webhooksWords } from '../../messages/words.ts';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
const minuteAt = (ms: number) => new Date(Math.ceil(ms / minuteMs) * minuteMs).toISOString();

/** Delivers the events of a time range again. */
export function ReplayRange({ endpointId, onClose }: { readonly endpointId: string; readonly onClose: () => void }) {
  const words = useWords(webhooksWords);
  const refresh = useRefresh();
  const [replayed, setReplayed] = useState<number>();
  const form = useForm({
    operation: 'replayWebhookEvents',
    initial: {
      from: minuteAt(serverNow() - dayMs) as string | null,
      to: minuteAt(serverNow()) as string | null,
      only: 'missed' as 'missed' | 'all',
    },
    request: ({ from, to, only }, key) => ({
      key,
      path: { id: endpointId },
      body: { from: from ?? '', to: to ?? '', only },
    }),
    onDone: async (answer) => {
      setReplayed(answer.replayed);
      await refresh('listWebhookDeliveries');
    },
  });
  if (replayed !== undefined) {
    return (
      <div className="stack">
        <p role="status">{words.replayed(replayed)}</p>
        <div className="form-actions">
          <Button look="primary" onClick={onClose}>
            {words.done}
          </Button>
        </div>
      </div>
    );
  }
  const choices = (['missed', 'all'] as const).map((value) => ({ value, label: words.whichChoices[value] }));
  const [from, to] = [form.field('from'), form.field('to')];
  return (
    <Form form={form} submit={words.replay}>
      <p>{words.replayRangeText}</p>
      <DateTimeField
        label={words.from}
        zone={ownZone()}
        value={from.value}
        onChange={from.onChange}
        error={from.error}
      />
      <DateTimeField label={words.to} zone={ownZone()} value={to.value} onChange={to.onChange} error={to.error} />
      <Select label={words.which} choices={choices} {...form.field('only')} />
    </Form>
  );
}
