import { FastifyAdapter } from '@nestjs/platform-fastify';

/**
 * The Fastify adapter of every service. It records that a shutdown has begun: Nest calls `beforeClose` before any
 * module disconnects.
 */
export class ServiceAdapter extends FastifyAdapter {
  closing = false;
  /** How long running requests may take once the server closes, in milliseconds. */
  drainMs = 12_000;

  override beforeClose(): void {
    this.closing = true;
    super.beforeClose();
  }

  /**
   * Closes the server, and cuts its connections after `drainMs`. A closing server of Node no longer applies its request
   * timeout, so one slow sender could delay everything that closes after the server.
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

/** Whether the server of this adapter has begun to shut down; false for another kind of adapter. */
export function isClosing(adapter: unknown): boolean {
  return adapter instanceof ServiceAdapter && adapter.closing;
}
