import { Injectable } from '@nestjs/common';

/**
 * Wakes the sending of this instance, which a job wakes too. A lost call loses nothing: the database has what is due.
 */
@Injectable()
export class WakeSending {
  private listener: (() => void) | undefined;
  private readonly timers = new Set<NodeJS.Timeout>();

  /** Who is woken. */
  onWake(listener: (() => void) | undefined): void {
    this.listener = listener;
    if (listener !== undefined) return;
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
  }

  /** Wakes it in `delayMs`; one that is to be woken then already is woken once. */
  wakeIn(delayMs: number): void {
    if (this.timers.size > 0 || this.listener === undefined) return;
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      this.listener?.();
    }, delayMs);
    this.timers.add(timer);
  }
}
