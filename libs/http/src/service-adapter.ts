import { FastifyAdapter } from '@nestjs/platform-fastify';

/** Nest tells the HTTP adapter first when the application closes, before any module lets go of anything. */
export class ServiceAdapter extends FastifyAdapter {
  closing = false;
  /** How long those may take who are still sending, or being answered, when the server closes. */
  drainMs = 12_000;

  override beforeClose(): void {
    this.closing = true;
    super.beforeClose();
  }

  /**
   * A closing server of Node no longer watches how long senders take; one of them could hold up all that closes after
   * it.
   */
  override async close(): Promise<void> {
    const cut = setTimeout(() => this.getHttpServer().closeAllConnections(), this.drainMs).unref();
    try {
      await super.close();
    } finally {
      clearTimeout(cut);
    }
  }
}

/** Whether the server of this adapter has begun to shut down. Of another kind of adapter nobody knows: false. */
export function isClosing(adapter: unknown): boolean {
  return adapter instanceof ServiceAdapter && adapter.closing;
}
