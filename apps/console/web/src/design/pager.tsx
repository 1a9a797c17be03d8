import { Link } from '@tanstack/react-router';
import { useWords } from '../messages/catalogue.ts';
import { shellWords } from '../messages/words.ts';
import { buttonClass } from './controls/button.tsx';

export interface PageOfList {
  readonly next_cursor: string | null;
  readonly total?: number;
}

/** The way through a list by its cursor; `after` of the URL is the place. */
export function Pager({ page, after }: { readonly page: PageOfList; readonly after: string | undefined }) {
  const words = useWords(shellWords);
  if (after === undefined && page.next_cursor === null) {
    return page.total === undefined ? null : <p className="pager number">{words.total(page.total)}</p>;
  }
  const to = (cursor: string | undefined) => (search: object) => ({ ...search, after: cursor });
  return (
    <nav className="pager" aria-label={words.pages}>
      <span className="number">{page.total === undefined ? '' : words.total(page.total)}</span>
      <span className="row">
        {after !== undefined && (
          <Link to="." search={to(undefined) as never} className={buttonClass('plain', 'small')}>
            {words.firstPage}
          </Link>
        )}
        {page.next_cursor !== null && (
          <Link to="." search={to(page.next_cursor) as never} className={buttonClass('plain', 'small')}>
            {words.nextPage}
          </Link>
        )}
      </span>
    </nav>
  );
}
