import { type ReactNode, useEffect, useRef } from 'react';
import { useWords } from '../messages/catalogue.ts';
import { shellWords } from '../messages/words.ts';

export interface PageProps {
  readonly title: string;
  /** Above the title: the way back to the list. */
  readonly crumb?: ReactNode;
  readonly intro?: ReactNode;
  /** Beside the title: states and buttons. */
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

let isFirstPage = true;

/** One screen: sets the document's title, and takes the focus to its `h1` after a navigation, as no router does. */
export function Page({ title, crumb, intro, actions, children }: PageProps) {
  const words = useWords(shellWords);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · ${words.product}`;
  }, [title, words]);
  useEffect(() => {
    if (!isFirstPage) heading.current?.focus();
    isFirstPage = false;
  }, []);
  return (
    <div className="page">
      <div className="page-head">
        <div>
          {crumb && <div className="crumb">{crumb}</div>}
          <h1 ref={heading} tabIndex={-1}>
            {title}
          </h1>
          {intro && <p className="page-intro">{intro}</p>}
        </div>
        {actions && <div className="page-actions">{actions}</div>}
      </div>
      {children}
    </div>
  );
}
