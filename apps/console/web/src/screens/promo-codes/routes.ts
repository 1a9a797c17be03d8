import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { loadWords } from '../../messages/catalogue.ts';
import { codesWords, decisionsWords, promoCodesWords, sentenceWords } from '../../messages/words.ts';
import { rootRoute } from '../../shell/root-route.ts';
import { cursorIn, oneOf, type SearchInput, textIn } from '../../shell/search-params.ts';
import { optional } from '../code-parts/optional.ts';

/** They are one chunk, and one import keeps the list of its files once in what every page loads. */
const screens = () => import('./screens.ts');

const texts = [promoCodesWords, codesWords, decisionsWords, sentenceWords] as const;
const loader = () => Promise.all(texts.map((words) => loadWords(words as never)));
const readers = { roles: ['admin', 'ops'] } as const;
const admins = { roles: ['admin'] } as const;
const getParentRoute = () => rootRoute;

const statuses = ['draft', 'active', 'paused', 'expired', 'archived'] as const;
const tabs = [
  'terms',
  'offers',
  'applications',
  'days',
  'decisions',
  'simulator',
  'persons',
  'changes',
  'proof',
] as const;
const decided = ['hold', 'apply', 'convert', 'reverse'] as const;
const outcomes = ['allowed', 'refused'] as const;

const codesRoute = createRoute({
  getParentRoute,
  path: '/admin/promo-codes',
  staticData: readers,
  validateSearch: (search: SearchInput) =>
    optional({
      search: textIn(search.search),
      status: oneOf(statuses, search.status),
      kind: oneOf(['discount', 'bonus'] as const, search.kind),
      owner: textIn(search.owner),
      batch: textIn(search.batch),
      sort: oneOf(['newest', 'oldest', 'code'] as const, search.sort),
      after: cursorIn(search.after),
    }),
  loader,
  component: lazyRouteComponent(screens, 'PromoCodesScreen'),
});

const newRoute = createRoute({
  getParentRoute,
  path: '/admin/promo-codes/new',
  staticData: admins,
  loader,
  component: lazyRouteComponent(screens, 'NewCodeScreen'),
});

const codeRoute = createRoute({
  getParentRoute,
  path: '/admin/promo-codes/$codeId',
  staticData: readers,
  validateSearch: (search: SearchInput) =>
    optional({
      tab: oneOf(tabs, search.tab),
      offer: textIn(search.offer),
      search: textIn(search.search),
      from: textIn(search.from),
      to: textIn(search.to),
      reason: textIn(search.reason),
      what: oneOf(decided, search.what),
      outcome: oneOf(outcomes, search.outcome),
      person: textIn(search.person),
      at: textIn(search.at),
      after: cursorIn(search.after),
    }),
  loader,
  component: lazyRouteComponent(screens, 'CodeScreen'),
});

const editRoute = createRoute({
  getParentRoute,
  path: '/admin/promo-codes/$codeId/edit',
  staticData: admins,
  loader,
  component: lazyRouteComponent(screens, 'EditCodeScreen'),
});

const batchesRoute = createRoute({
  getParentRoute,
  path: '/admin/batches',
  staticData: readers,
  validateSearch: (search: SearchInput) =>
    optional({ kind: oneOf(['generate', 'import'] as const, search.kind), after: cursorIn(search.after) }),
  loader,
  component: lazyRouteComponent(screens, 'BatchesScreen'),
});

const generateRoute = createRoute({
  getParentRoute,
  path: '/admin/batches/generate',
  staticData: admins,
  loader,
  component: lazyRouteComponent(screens, 'GenerateScreen'),
});

const importRoute = createRoute({
  getParentRoute,
  path: '/admin/batches/import',
  staticData: admins,
  loader,
  component: lazyRouteComponent(screens, 'ImportScreen'),
});

const batchRoute = createRoute({
  getParentRoute,
  path: '/admin/batches/$batchId',
  staticData: readers,
  loader,
  component: lazyRouteComponent(screens, 'BatchScreen'),
});

const decisionsRoute = createRoute({
  getParentRoute,
  path: '/admin/decisions',
  staticData: readers,
  validateSearch: (search: SearchInput) =>
    optional({
      person: textIn(search.person),
      code: textIn(search.code),
      order: textIn(search.order),
      reason: textIn(search.reason),
      what: oneOf(decided, search.what),
      outcome: oneOf(outcomes, search.outcome),
      from: textIn(search.from),
      to: textIn(search.to),
      after: cursorIn(search.after),
    }),
  loader,
  component: lazyRouteComponent(screens, 'DecisionsScreen'),
});

const receiptRoute = createRoute({
  getParentRoute,
  path: '/admin/decisions/$receiptId',
  staticData: readers,
  loader,
  component: lazyRouteComponent(screens, 'ReceiptScreen'),
});

export const promoCodesRoutes = [
  codesRoute,
  newRoute,
  codeRoute,
  editRoute,
  batchesRoute,
  generateRoute,
  importRoute,
  batchRoute,
  decisionsRoute,
  receiptRoute,
] as const;
