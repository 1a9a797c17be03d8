import { Link, type LinkProps } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';

export interface TabLink extends Pick<LinkProps, 'to' | 'params' | 'search'> {
  readonly label: string;
  readonly isCurrent: boolean;
}

/** Tabs whose choice stands in the URL: links, of which one is the current page. */
export function TabLinks({ label, tabs }: { readonly label: string; readonly tabs: readonly TabLink[] }) {
  const row = useRef<HTMLElement>(null);
  const current = tabs.find(({ isCurrent }) => isCurrent)?.label;
  // On a narrow screen the row scrolls by itself; the current tab is in sight. The page does not move.
  useEffect(() => {
    const element = row.current;
    const tab = current === undefined ? null : element?.querySelector<HTMLElement>('[aria-current]');
    if (!element || !tab) return undefined;
    const observer = new ResizeObserver(() => {
      element.scrollLeft = tab.offsetLeft - (element.clientWidth - tab.clientWidth) / 2;
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [current]);
  return (
    <nav ref={row} className="tabs" aria-label={label}>
      {tabs.map(({ label: text, isCurrent, ...link }) => (
        <Link key={text} {...link} aria-current={isCurrent ? 'page' : undefined} activeProps={{}} resetScroll={false}>
          {text}
        </Link>
      ))}
    </nav>
  );
}
