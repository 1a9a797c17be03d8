import { Link, useRouterState } from '@tanstack/react-router';
import { Button } from '../design/controls/button.tsx';
import { Select } from '../design/controls/inputs.tsx';
import { Icon } from '../design/icon.tsx';
import { switchLanguage, useWords } from '../messages/catalogue.ts';
import { languages, useLanguage } from '../messages/language.ts';
import { shellWords } from '../messages/words.ts';
import { navigation } from './navigation.ts';
import { useSession } from './session.tsx';

/** The navigation of the role; under it what belongs to the page as a whole. */
export function SideNavigation({
  isOpen,
  onShowRequests,
}: {
  readonly isOpen: boolean;
  readonly onShowRequests: () => void;
}) {
  const words = useWords(shellWords);
  const language = useLanguage();
  const { role } = useSession();
  const path = useRouterState({ select: ({ location }) => location.pathname });
  return (
    <div className={isOpen ? 'side open' : 'side'} id="navigation">
      <nav aria-label={words.navigation}>
        {navigation[role].map(({ title, entries }) => (
          <div key={title ?? ''}>
            {title && <h2>{words.navGroups[title]}</h2>}
            <ul>
              {entries.map(({ to, label, also }) => (
                <li key={to}>
                  <Link
                    to={to}
                    activeOptions={{ exact: false, includeSearch: false }}
                    {...(also?.some((beginning) => path.startsWith(beginning)) && { 'aria-current': 'page' })}
                  >
                    {words.nav[label]}
                  </Link>
                </li>
              ))}
            </ul>
          </div>
        ))}
      </nav>
      <section className="side-foot" aria-label={words.thisPage}>
        <Button look="quiet" size="small" onClick={onShowRequests}>
          <Icon name="request" /> {words.asRequest}
        </Button>
        <Select
          label={words.language}
          isLabelHidden
          value={language}
          onChange={(chosen) => void switchLanguage(chosen)}
          choices={languages.map((value) => ({ value, label: words.languages[value] }))}
        />
        <form method="post" action="/auth/sign-out">
          <Button type="submit" look="quiet" size="small">
            {words.signOut}
          </Button>
        </form>
      </section>
    </div>
  );
}
