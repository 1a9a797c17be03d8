import { Link, Outlet, useRouterState } from '@tanstack/react-router';
import { lazy, type ReactNode, Suspense, useEffect, useState } from 'react';
import { Button, buttonClass } from '../design/controls/button.tsx';
import { Icon } from '../design/icon.tsx';
import { useWords } from '../messages/catalogue.ts';
import { shellWords } from '../messages/words.ts';
import { Skeleton } from '../states/skeleton.tsx';
import { Page } from './page.tsx';
import { useSession } from './session.tsx';
import { SideNavigation } from './side-navigation.tsx';
import { SignedOut } from './signed-out.tsx';
import { Brand, FindButton, Who } from './top.tsx';

const FindDialog = lazy(() => import('./find/find-dialog.tsx'));
const RequestsDrawer = lazy(() => import('./requests/requests-drawer.tsx'));

/** What stands around every screen. */
export function Frame() {
  const words = useWords(shellWords);
  const [open, setOpen] = useState<'find' | 'requests'>();
  const [isMenuOpen, setMenuOpen] = useState(false);
  const path = useRouterState({ select: ({ location }) => location.pathname });
  useEffect(() => onSlash(() => setOpen('find')), []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the menu closes with each navigation
  useEffect(() => setMenuOpen(false), [path]);
  return (
    <div className="frame">
      <a className="skip-link" href="#main">
        {words.skip}
      </a>
      <header className="top">
        <Button
          look="quiet"
          className="menu-button"
          aria-expanded={isMenuOpen}
          aria-controls="navigation"
          aria-label={words.menu}
          onClick={() => setMenuOpen(!isMenuOpen)}
        >
          <Icon name={isMenuOpen ? 'close' : 'menu'} />
        </Button>
        <Brand />
        <div className="spacer" />
        <FindButton onClick={() => setOpen('find')} />
        <Who />
      </header>
      <SideNavigation isOpen={isMenuOpen} onShowRequests={() => setOpen('requests')} />
      <main className="main" id="main" tabIndex={-1}>
        <Suspense key={path} fallback={<Skeleton />}>
          <ForRoles>
            <Outlet />
          </ForRoles>
        </Suspense>
      </main>
      <div id="announcements" className="visually-hidden" role="status" aria-live="polite" />
      <Suspense fallback={null}>
        {open === 'find' && <FindDialog onClose={() => setOpen(undefined)} />}
        {open === 'requests' && <RequestsDrawer onClose={() => setOpen(undefined)} />}
      </Suspense>
      <SignedOut />
    </div>
  );
}

/** A screen of other roles says so, before it sends anything. */
function ForRoles({ children }: { readonly children: ReactNode }) {
  const words = useWords(shellWords);
  const { role } = useSession();
  const roles = useRouterState({ select: ({ matches }) => matches.at(-1)?.staticData.roles });
  if (!roles || roles.includes(role)) return children;
  return (
    <Page title={words.forbiddenTitle} intro={words.forbiddenText(words.roles[role])}>
      <div>
        <Link to="/" className={buttonClass()}>
          {words.notFoundNext}
        </Link>
      </div>
    </Page>
  );
}

/** `/` finds, unless somebody is typing. */
function onSlash(listener: () => void): () => void {
  const onKey = (event: KeyboardEvent) => {
    const isTyping =
      event.target instanceof HTMLElement &&
      event.target.matches('input, textarea, select, [contenteditable], [role="spinbutton"]');
    if (
      event.key !== '/' ||
      event.ctrlKey ||
      event.metaKey ||
      event.altKey ||
      isTyping ||
      document.querySelector('dialog[open]')
    )
      return;
    event.preventDefault();
    listener();
  };
  window.addEventListener('keydown', onKey);
  return () => window.removeEventListener('keydown', onKey);
}
