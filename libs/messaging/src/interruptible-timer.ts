/**
 * Sleeps that can be cut short. (Not Promise.race against one long-lived promise: that promise would keep every sleeper
 * that ever was.)
 */
export class InterruptibleTimer {
  private readonly sleeping = new Set<() => void>();

  /** Until `wake`, `ms` at the most. */
  sleep(ms = Number.POSITIVE_INFINITY): Promise<void> {
    return new Promise((resolve) => {
      const timer = Number.isFinite(ms) ? setTimeout(() => end(), ms) : undefined;
      const end = () => {
        clearTimeout(timer);
        this.sleeping.delete(end);
        resolve();
      };
      this.sleeping.add(end);
    });
  }

  wake(): void {
    for (const end of [...this.sleeping]) end();
  }
}
