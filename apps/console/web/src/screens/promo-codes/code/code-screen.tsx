import { getRouteApi, Link } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { useAsk } from '../../../api/queries.ts';
import { TabLinks } from '../../../design/controls/tab-links.tsx';
import { useWords } from '../../../messages/catalogue.ts';
import { promoCodesWords } from '../../../messages/words.ts';
import { Page } from '../../../shell/page.tsx';
import { Loaded } from '../../../states/loaded.tsx';
import { Skeleton } from '../../../states/skeleton.tsx';
import { CodeStatusBadge } from '../../code-parts/availability.tsx';
import { CodeDecisionsTab } from '../decisions/code-decisions-tab.tsx';
import { ApplicationsTab } from './applications-tab.tsx';
import { ChangesTab, PersonsTab } from './lists-tabs.tsx';
import { DaysTab, OffersTab, ProofTab } from './numbers-tabs.tsx';
import { StatusActions } from './status-actions.tsx';
import { TermsTab } from './terms-tab.tsx';

const route = getRouteApi('/admin/promo-codes/$codeId');

/** Its fields for time load by themselves. */
const SimulatorTab = lazy(async () => ({ default: (await import('../decisions/simulator-tab.tsx')).SimulatorTab }));

const tabs = {
  terms: TermsTab,
  offers: OffersTab,
  applications: ApplicationsTab,
  days: DaysTab,
  decisions: CodeDecisionsTab,
  simulator: SimulatorTab,
  persons: PersonsTab,
  changes: ChangesTab,
  proof: ProofTab,
} as const;
type Tab = keyof typeof tabs;

/** One promo code; the tab is in the address. */
export function CodeScreen() {
  const { codeId } = route.useParams();
  const { tab = 'terms' } = route.useSearch();
  const words = useWords(promoCodesWords);
  const code = useAsk('getPromoCode', { path: { id: codeId } }, { everyMs: 10_000 });
  const Shown = tabs[tab];
  return (
    <Page
      title={code.data?.code ?? words.code}
      crumb={<Link to="/admin/promo-codes">{words.title}</Link>}
      intro={code.data?.title}
      actions={
        code.data && (
          <>
            <CodeStatusBadge status={code.data.status} isUsedUp={code.data.auto_deactivated_at !== null} />
            <StatusActions code={code.data} />
          </>
        )
      }
    >
      <Suspense fallback={<Skeleton />}>
        <Loaded of={code}>
          {(loaded) => (
            <>
              <TabLinks
                label={words.tabs}
                tabs={(Object.keys(tabs) as Tab[]).map((name) => ({
                  label: words.tab[name],
                  isCurrent: name === tab,
                  to: '/admin/promo-codes/$codeId',
                  params: { codeId },
                  search: { tab: name },
                }))}
              />
              <Shown code={loaded} />
            </>
          )}
        </Loaded>
      </Suspense>
    </Page>
  );
}
