import { useEffect } from 'react';
import { useWords } from '../messages/catalogue.ts';
import { shellWords } from '../messages/words.ts';
import { Page } from './page.tsx';

/** Over it the tabs of one browser get to see that somebody has signed in. */
export const sessionChannel = 'matricula.session';

/** Where a tab arrives that was opened only to sign in again. */
export function SignedBack() {
  const words = useWords(shellWords);
  useEffect(() => {
    notifyTabs();
    window.close();
  }, []);
  return (
    <Page title={words.signedBackTitle}>
      <p>{words.signedBackText}</p>
    </Page>
  );
}

function notifyTabs(): void {
  const channel = new BroadcastChannel(sessionChannel);
  channel.postMessage('signed-in');
  channel.close();
}
