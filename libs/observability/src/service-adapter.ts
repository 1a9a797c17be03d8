import { FastifyAdapter } from '@nestjs/platform-fastify';

/** Nest tells the HTTP adapter first when the application closes, before any module lets go of anything. */
export class ServiceAdapter extends FastifyAdapter {
  closing = false;

  override beforeClose(): void {
    this.closing = true;
    super.beforeClose();
  }
}

export function isClosing(adapter: unknown): boolean {
  return adapter instanceof ServiceAdapter && adapter.closing;
}
