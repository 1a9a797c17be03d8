/**
 * A pause that `wake` ends early. Not a Promise.race against one long-lived promise: that promise would keep a
 * reference to every pause there ever was.
 */
export class InterruptibleTimer {
  private readonly sleeping = new Set<() => void>();

  /** Resolves at the next `wake`, or after `ms` milliseconds. */
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

  /** Ends every pause that runs at this moment. */
  wake(): void {
    for (const end of [...this.sleeping]) end();
  }
}
