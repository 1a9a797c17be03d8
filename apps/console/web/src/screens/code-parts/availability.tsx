import { Countdown } from '../../design/data/countdown.tsx';
import { Status, type Tone } from '../../design/data/status.tsx';
import { useWords } from '../../messages/catalogue.ts';
import { codesWords } from '../../messages/words.ts';

type CodeStatus = 'draft' | 'active' | 'paused' | 'expired' | 'archived';

const tones: Readonly<Record<CodeStatus, Tone>> = {
  draft: 'neutral',
  active: 'good',
  paused: 'warn',
  expired: 'neutral',
  archived: 'neutral',
};

/** The status of a code, as the server says it. */
export function CodeStatusBadge({ status, isUsedUp }: { readonly status: CodeStatus; readonly isUsedUp: boolean }) {
  const words = useWords(codesWords);
  return (
    <Status tone={tones[status]}>
      {words.status[status]}
      {isUsedUp && `, ${words.usedUp}`}
    </Status>
  );
}

export interface AvailabilityProps {
  readonly open: boolean;
  readonly opensAt: string | null;
  readonly closesAt: string | null;
  readonly onChange?: () => void;
}

/** Open now until, or closed until, by the server's clock. */
export function Availability({ open, opensAt, closesAt, onChange }: AvailabilityProps) {
  const words = useWords(codesWords);
  const next = open ? closesAt : opensAt;
  const state = <Status tone={open ? 'good' : 'neutral'}>{open ? words.openNow : words.closed}</Status>;
  if (next === null)
    return open ? (
      state
    ) : (
      <span className="row">
        {state} <span className="soft">{words.neverAgain}</span>
      </span>
    );
  return (
    <span className="row">
      {state}
      <span className="soft">
        {open ? words.openUntil : words.opensIn} <Countdown to={next} onEnd={onChange} />
      </span>
    </span>
  );
}
