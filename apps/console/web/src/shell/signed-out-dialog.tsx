import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { buttonClass } from '../design/controls/button.tsx';
import { Dialog } from '../design/controls/dialog.tsx';
import { useWords } from '../messages/catalogue.ts';
import { shellWords } from '../messages/words.ts';
import { isSamePerson, readSession, signInUrl, useSession } from './session.tsx';
import { sessionChannel } from './signed-back.tsx';

/** The session ended while the page was open: another tab signs in, and this page goes on with all that was typed. */
export default function SignedOutDialog({ onBack }: { readonly onBack: () => void }) {
  const words = useWords(shellWords);
  const session = useSession();
  const client = useQueryClient();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the frame makes `onBack` anew each time
  useEffect(() => {
    const look = async () => {
      const next = await readSession().catch(() => null);
      if (!next) return;
      // Another person has signed in: nothing of this page is theirs.
      if (!isSamePerson(session, next)) return window.location.assign('/');
      onBack();
      await client.refetchQueries({ predicate: ({ state }) => state.status === 'error' });
    };
    const channel = new BroadcastChannel(sessionChannel);
    channel.onmessage = look;
    window.addEventListener('focus', look);
    return () => {
      channel.close();
      window.removeEventListener('focus', look);
    };
  }, [session, client]);
  return (
    <Dialog title={words.signedOutTitle}>
      <p>{words.signedOutText}</p>
      <div>
        <a className={buttonClass('primary')} href={signInUrl('/signed-in')} target="_blank" rel="noopener">
          {words.signIn}
        </a>
      </div>
      <p className="soft small">{words.signedOutWaiting}</p>
    </Dialog>
  );
}
