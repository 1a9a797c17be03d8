import { Link, type LinkProps } from '@tanstack/react-router';

export interface TabLink extends Pick<LinkProps, 'to' | 'params' | 'search'> {
  readonly label: string;
  readonly isCurrent: boolean;
}

/** Tabs whose choice stands in the URL: links, of which one is the current page. */
export function TabLinks({ label, tabs }: { readonly label: string; readonly tabs: readonly TabLink[] }) {
  return (
    <nav className="tabs" aria-label={label}>
      {tabs.map(({ label: text, isCurrent, ...link }) => (
        <Link key={text} {...link} aria-current={isCurrent ? 'page' : undefined} activeProps={{}} resetScroll={false}>
          {text}
        </Link>
      ))}
    </nav>
  );
}
