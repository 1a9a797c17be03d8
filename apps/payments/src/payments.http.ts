import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { createHttpServer } from '#http/http-server.js';
import type { Clock } from '#kernel/clock.js';
import { listenForMessages } from '#messaging/nest/rabbit-server.js';
import { databaseFault } from '#persistence/faults.js';
import { Overloaded } from '#persistence/micro-batcher.js';
import { PaymentServiceModule } from './payment-service.module.js';
import type { PaymentsSettings } from './payments.config.js';

/** A notification is a few kilobytes; nothing larger is read. */
const bodyLimitBytes = 64 * 1_024;

/** The payment service, wired and listening for messages; it is not on a port yet. */
export async function createPayments(settings: PaymentsSettings, clock?: Clock): Promise<NestFastifyApplication> {
  const app = await createHttpServer(PaymentServiceModule.with(settings, clock), {
    service: 'payments',
    logLevel: settings.logLevel,
    bodyLimitBytes,
    trustProxy: settings.trustProxy,
    problems: {
      statuses: { SIGNATURE_INVALID: 401, WEBHOOK_PROVIDER_UNKNOWN: 404 },
      isUnavailable: (error) => error instanceof Overloaded || databaseFault(error) !== 'other',
    },
  });
  keepBodiesAsBytes(app);
  SwaggerModule.setup('docs', app, () => openApi(app));
  await listenForMessages(app);
  return app;
}

/** OpenAPI of the routes for providers, as `/docs` serves it. Each provider signs in its own way. */
export function openApi(app: NestFastifyApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Matricula: provider webhooks')
    .setDescription('Payment providers send their notifications here.')
    .setVersion('1.0.0')
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addServer('/')
    .addTag('Webhooks', 'Notifications of payment providers.')
    .addSecurity('standard', {
      type: 'apiKey',
      in: 'header',
      name: 'webhook-signature',
      description: 'Standard Webhooks (https://www.standardwebhooks.com), for the provider `standard`.',
    })
    .addSecurity('stripe', {
      type: 'apiKey',
      in: 'header',
      name: 'stripe-signature',
      description: 'Stripe’s signature (https://docs.stripe.com/webhooks#verify-manually), for the provider `stripe`.',
    })
    .addSecurityRequirements('standard')
    .addSecurityRequirements('stripe')
    .build();
  const document = SwaggerModule.createDocument(app, config, { operationIdFactory: (_controller, method) => method });
  const paths = Object.fromEntries(Object.entries(document.paths).filter(([path]) => path.startsWith('/webhooks/')));
  return { ...document, paths };
}

/** Keeps bodies as bytes, for signatures cover the raw body. The content type of a request does not matter. */
function keepBodiesAsBytes(app: NestFastifyApplication): void {
  const server = app.getHttpAdapter().getInstance();
  server.removeAllContentTypeParsers();
  app.useBodyParser('*', { bodyLimit: bodyLimitBytes });
  // The framework would answer a type that is none, or is empty, with a 415 before it looks for a parser.
  server.addHook('onRequest', ({ headers }, _reply, done) => {
    if (headers['content-type'] !== undefined) headers['content-type'] = 'application/octet-stream';
    done();
  });
}
