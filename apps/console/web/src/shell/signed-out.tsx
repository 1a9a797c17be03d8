import { lazy, Suspense, useEffect, useState } from 'react';
import { onSignedOut } from '../api/ask.ts';

const SignedOutDialog = lazy(() => import('./signed-out-dialog.tsx'));

/** Over every screen: what is shown once an answer says that the session has ended. */
export function SignedOut() {
  const [isOut, setOut] = useState(false);
  useEffect(() => onSignedOut(() => setOut(true)), []);
  if (!isOut) return null;
  return (
    <Suspense fallback={null}>
      <SignedOutDialog onBack={() => setOut(false)} />
    </Suspense>
  );
}
