import { useEffect } from 'react';
import { useWords } from '../messages/catalogue.ts';
import { shellWords } from '../messages/words.ts';
import { Page } from './page.tsx';
import { notifyTabs } from './signed-out.tsx';

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
