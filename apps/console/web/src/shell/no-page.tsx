import { Link } from '@tanstack/react-router';
import { buttonClass } from '../design/controls/button.tsx';
import { useWords } from '../messages/catalogue.ts';
import { shellWords } from '../messages/words.ts';
import { Page } from './page.tsx';

/** An address that no route has. */
export function NoPage() {
  const words = useWords(shellWords);
  return (
    <Page title={words.notFoundTitle} intro={words.notFoundText}>
      <div>
        <Link to="/" className={buttonClass()}>
          {words.notFoundNext}
        </Link>
      </div>
    </Page>
  );
}
