import { Link } from '@tanstack/react-router';
import { Icon } from '../design/icon.tsx';
import { useWords } from '../messages/catalogue.ts';
import { shellWords } from '../messages/words.ts';
import { useSession } from './session.tsx';

export function Brand() {
  const words = useWords(shellWords);
  return (
    <Link to="/" className="brand">
      <svg viewBox="0 0 32 32" aria-hidden="true">
        <rect width="32" height="32" rx="8" fill="var(--accent)" />
        <path
          d="M8 23V10l8 7 8-7v13"
          fill="none"
          stroke="var(--on-accent)"
          strokeWidth="3.2"
          strokeLinecap="round"
          strokeLinejoin="round"
        />
      </svg>
      <span translate="no">{words.product}</span>
    </Link>
  );
}

export function FindButton({ onClick }: { readonly onClick: () => void }) {
  const words = useWords(shellWords);
  return (
    <button type="button" className="find-button" onClick={onClick} aria-keyshortcuts="/" aria-label={words.find}>
      <Icon name="search" />
      <span>{words.find}</span>
      <kbd>/</kbd>
    </button>
  );
}

/** Who is signed in; a member's name leads to their profile. */
export function Who() {
  const words = useWords(shellWords);
  const { name, role } = useSession();
  const shown = (
    <>
      <strong>{name}</strong>
      <span className="soft">{words.roles[role]}</span>
    </>
  );
  if (role !== 'member') return <div className="who">{shown}</div>;
  return (
    <Link to="/profile" className="who">
      {shown}
    </Link>
  );
}
