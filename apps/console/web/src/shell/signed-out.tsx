import { useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useState } from 'react';
import { onSignedOut } from '../api/ask.ts';
import { buttonClass } from '../design/controls/button.tsx';
import { useWords } from '../messages/catalogue.ts';
import { shellWords } from '../messages/words.ts';
import { isSamePerson, readSession, signInUrl, useSession } from './session.tsx';

const Dialog = lazy(async () => ({ default: (await import('../design/controls/dialog.tsx')).Dialog }));
const channelName = 'matricula.session';

/** The session ended while the page was open: another tab signs in, and this page goes on with all that was typed. */
export function SignedOutDialog() {
  const words = useWords(shellWords);
  const session = useSession();
  const client = useQueryClient();
  const [isOut, setOut] = useState(false);
  useEffect(() => onSignedOut(() => setOut(true)), []);
  useEffect(() => {
    if (!isOut) return;
    const look = async () => {
      const next = await readSession().catch(() => null);
      if (!next) return;
      // Another person has signed in: nothing of this page is theirs.
      if (!isSamePerson(session, next)) return window.location.assign('/');
      setOut(false);
      await client.refetchQueries({ predicate: ({ state }) => state.status === 'error' });
    };
    const channel = new BroadcastChannel(channelName);
    channel.onmessage = look;
    window.addEventListener('focus', look);
    return () => {
      channel.close();
      window.removeEventListener('focus', look);
    };
  }, [isOut, session, client]);
  if (!isOut) return null;
  return (
    <Suspense fallback={null}>
      <Dialog title={words.signedOutTitle}>
        <p>{words.signedOutText}</p>
        <div>
          <a className={buttonClass('primary')} href={signInUrl('/signed-in')} target="_blank" rel="noopener">
            {words.signIn}
          </a>
        </div>
        <p className="soft small">{words.signedOutWaiting}</p>
      </Dialog>
    </Suspense>
  );
}

/** Notifies the other tabs that somebody has signed in. */
export function notifyTabs(): void {
  const channel = new BroadcastChannel(channelName);
  channel.postMessage('signed-in');
  channel.close();
}
