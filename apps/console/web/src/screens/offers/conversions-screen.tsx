import { getRouteApi } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { useAsk } from '../../api/queries.ts';
import { Button } from '../../design/controls/button.tsx';
import { Dialog } from '../../design/controls/dialog.tsx';
import { TextField } from '../../design/controls/inputs.tsx';
import { useWords } from '../../messages/catalogue.ts';
import { offersWords } from '../../messages/words.ts';
import { Page } from '../../shell/page.tsx';
import { useSession } from '../../shell/session.tsx';
import { Empty, Loaded } from '../../states/loaded.tsx';
import { Skeleton } from '../../states/skeleton.tsx';
import { ConversionCard } from './conversion-card.tsx';

const RecordConversion = lazy(async () => ({ default: (await import('./record-conversion.tsx')).RecordConversion }));

const route = getRouteApi('/admin/conversions');

/** Conversions: find one by its id, record one by hand, reverse one. */
export function ConversionsScreen() {
  const words = useWords(offersWords);
  const { id, sender } = route.useSearch();
  const navigate = route.useNavigate();
  const isAdmin = useSession().role === 'admin';
  const [typed, setTyped] = useState({ id: id ?? '', sender: sender ?? '' });
  const [isRecording, setRecording] = useState(false);
  const found = useAsk('getConversion', { path: { id: id ?? '' }, query: { sender } }, { isEnabled: id !== undefined });
  const show = (next: { id: string; sender?: string | undefined }) =>
    void navigate({ search: { id: next.id || undefined, sender: next.sender || undefined } });
  const actions = isAdmin && (
    <Button look="primary" onClick={() => setRecording(true)}>
      {words.record}
    </Button>
  );
  return (
    <Page title={words.conversions} intro={words.conversionsIntro} actions={actions}>
      <search>
        <form
          className="filters"
          onSubmit={(event) => {
            event.preventDefault();
            show(typed);
          }}
        >
          <TextField
            className="grow"
            label={words.conversionId}
            value={typed.id}
            onChange={(next) => setTyped((before) => ({ ...before, id: next }))}
          />
          <TextField
            label={words.sender}
            isOptional
            value={typed.sender}
            onChange={(next) => setTyped((before) => ({ ...before, sender: next }))}
          />
          <Button type="submit">{words.find}</Button>
        </form>
      </search>
      {id === undefined ? (
        <Empty title={words.findTitle}>{words.findText}</Empty>
      ) : (
        <Loaded of={found}>{(conversion) => <ConversionCard conversion={conversion} />}</Loaded>
      )}
      {isRecording && (
        <Dialog title={words.record} onClose={() => setRecording(false)}>
          <Suspense fallback={<Skeleton />}>
            <RecordConversion
              onRecorded={(conversionId, by) => {
                setRecording(false);
                setTyped({ id: conversionId, sender: by });
                show({ id: conversionId, sender: by });
              }}
            />
          </Suspense>
        </Dialog>
      )}
    </Page>
  );
}
