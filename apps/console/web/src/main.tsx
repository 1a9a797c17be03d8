import './trusted-types.ts';
import './design/css/index.css';
import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { queryClient } from './api/queries.ts';
import { loadWords } from './messages/catalogue.ts';
import { refusalWords, shellWords } from './messages/words.ts';
import { Pages } from './shell/routing/pages.tsx';
import { SessionGate } from './shell/session.tsx';

await Promise.all([loadWords(shellWords), loadWords(refusalWords)]);

createRoot(document.getElementById('root') as HTMLElement).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <SessionGate>
        <Pages />
      </SessionGate>
    </QueryClientProvider>
  </StrictMode>,
);
