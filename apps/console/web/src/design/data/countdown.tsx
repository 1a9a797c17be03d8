import { useEffect, useState } from 'react';
import { formatDuration } from '../../format/durations.ts';
import { serverNow } from '../../format/server-clock.ts';
import { useLocale } from '../../messages/language.ts';

export interface CountdownProps {
  readonly to: string;
  /** Called once when the instant has come. */
  readonly onEnd?: () => void;
}

/** The time until an instant of the server's clock. Screen readers get it by minutes, not by seconds. */
export function Countdown({ to, onEnd }: CountdownProps) {
  const locale = useLocale();
  const left = useTimeLeft(to, onEnd);
  return (
    <span className="number">
      <span aria-hidden="true">{formatDuration(left, locale)}</span>
      <span className="visually-hidden" role="timer" aria-live="polite">
        {formatDuration(Math.ceil(left / 60_000) * 60_000, locale, { seconds: false })}
      </span>
    </span>
  );
}

/** Milliseconds until an instant, anew each second. */
export function useTimeLeft(to: string, onEnd?: () => void): number {
  const end = Date.parse(to);
  const [left, setLeft] = useState(() => end - serverNow());
  useEffect(() => {
    const tick = () => {
      const now = end - serverNow();
      setLeft(now);
      if (now > 0) return;
      clearInterval(timer);
      onEnd?.();
    };
    const timer = setInterval(tick, 1_000);
    tick();
    return () => clearInterval(timer);
  }, [end, onEnd]);
  return Math.max(0, left);
}
