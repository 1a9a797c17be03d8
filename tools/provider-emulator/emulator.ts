import Fastify from 'fastify';
import { serveActsApi } from './acts-api.ts';
import { Deliveries } from './deliveries.ts';
import { servePages } from './pages/pages-server.ts';
import { Payer } from './payer.ts';
import { Records } from './records.ts';
import { serveStripeApi } from './stripe/stripe-api.ts';

export interface EmulatorOptions {
  /** 0 for any free one. */
  readonly port: number;
  /** The key that its API takes. */
  readonly apiKey: string;
  /** Where the payment service takes notifications, without a path. It may start after the emulator. */
  readonly webhooksUrl: () => string;
  /** What notifications are signed with. */
  readonly webhookSecret: string;
  /** Where it keeps what it knows; nowhere when left out. */
  readonly file?: string;
  /** The pauses between the attempts to deliver a notification. */
  readonly retryPausesMs?: readonly number[];
}

/** The options as they stand in a file, for the emulator as a process. */
export interface EmulatorSettings extends Omit<EmulatorOptions, 'webhooksUrl'> {
  readonly webhooksUrl: string;
}

export interface ProviderEmulator {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * A payment provider for development and tests, on loopback: the part of Stripe's API that the payment service uses, a
 * page on which a person pays or lets something else happen, and notifications that Stripe's SDK signs. The services
 * have no code for it: they use Stripe's SDK with another address.
 */
export async function startProviderEmulator(options: EmulatorOptions): Promise<ProviderEmulator> {
  const { port, apiKey, webhooksUrl, webhookSecret, file, retryPausesMs } = options;
  const records = new Records(file);
  const endpoint = { url: () => `${webhooksUrl()}/webhooks/stripe`, secret: webhookSecret };
  const deliveries = new Deliveries(records, endpoint, retryPausesMs);
  const server = Fastify({ forceCloseConnections: true, bodyLimit: 256 * 1024 });
  server.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) =>
    done(null, body),
  );
  let url = '';
  const pageUrl = (sessionId: string) => `${url}/checkout/${sessionId}`;
  const payer = new Payer(records, deliveries, pageUrl);
  server.get('/health', () => ({ status: 'ok' }));
  serveStripeApi(server, { records, apiKey, pageUrl });
  serveActsApi(server, { records, payer, deliveries });
  servePages(server, { records, payer, deliveries });
  url = await server.listen({ host: '127.0.0.1', port });
  return {
    url,
    close: async () => {
      payer.stop();
      deliveries.stop();
      await server.close();
    },
  };
}
