import { Link } from '@tanstack/react-router';
import { buttonClass } from '../design/controls/button.tsx';
import { useWords } from '../messages/catalogue.ts';
import { shellWords } from '../messages/words.ts';

/** From a thing to what admins and operators did with it. */
export function ActionsLink({ subject }: { readonly subject: string }) {
  const words = useWords(shellWords);
  return (
    <Link to="/admin/actions" search={{ subject }} className={buttonClass('quiet', 'small')}>
      {words.nav.actions}
    </Link>
  );
}
