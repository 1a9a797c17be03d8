import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { buttonClass } from '../../design/controls/button.tsx';
import { Dialog } from '../../design/controls/dialog.tsx';
import { TextField } from '../../design/controls/inputs.tsx';
import { useWords } from '../../messages/catalogue.ts';
import { shellWords } from '../../messages/words.ts';
import { useSession } from '../session.tsx';
import { finds } from './finds.ts';

/** Finds from anywhere: each place that fits the text is a link; Enter takes the first one. */
export default function FindDialog({ onClose }: { readonly onClose: () => void }) {
  const words = useWords(shellWords);
  const { role } = useSession();
  const navigate = useNavigate();
  const [typed, setTyped] = useState('');
  const text = typed.trim();
  const places = text === '' ? [] : finds.filter((find) => find.roles.includes(role) && find.fits(text));
  return (
    <Dialog title={words.find} onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          const [first] = places;
          if (!first) return;
          onClose();
          void navigate(first.link(text));
        }}
      >
        <TextField
          label={words.find}
          isLabelHidden
          type="search"
          autoComplete="off"
          placeholder={words.findPlaceholder}
          value={typed}
          onChange={setTyped}
        />
        {places.length === 0 && <p className="soft small">{words.findNothing}</p>}
        <div className="stack-s">
          {places.map((find) => (
            <Link key={find.label} {...find.link(text)} className={buttonClass()} onClick={onClose}>
              {words.findIn(words.nav[find.label], text)}
            </Link>
          ))}
        </div>
      </form>
      <p className="soft small">{words.findHint}</p>
    </Dialog>
  );
}
