import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { createHttpServer } from '#http/http-server.js';
import { refuseWrongMethods } from '#http/wrong-methods.js';
import type { Clock } from '#kernel/clock.js';
import { listenForMessages } from '#messaging/nest/rabbit-server.js';
import { databaseFault } from '#persistence/faults.js';
import { Overloaded } from '#persistence/micro-batcher.js';
import { PaymentServiceModule } from './payment-service.module.js';
import type { PaymentsSettings } from './payments.config.js';

/** The payment service, wired and listening for messages; it is not on a port yet. */
export async function createPayments(settings: PaymentsSettings, clock?: Clock): Promise<NestFastifyApplication> {
  const app = await createHttpServer(PaymentServiceModule.with(settings, clock), {
    service: 'payments',
    logLevel: settings.logLevel,
    trustProxy: settings.trustProxy,
    ignoreTrailingSlash: true,
    problems: {
      statuses: {
        SIGNATURE_INVALID: 401,
        WEBHOOK_PROVIDER_UNKNOWN: 404,
        METHOD_NOT_ALLOWED: 405,
        BODY_TOO_LARGE: 413,
        RATE_LIMITED: 429,
      },
      isUnavailable: (error) => error instanceof Overloaded || databaseFault(error) !== 'other',
    },
  });
  refuseWrongMethods(app.getHttpAdapter().getInstance());
  leaveBodiesUnread(app);
  await listenForMessages(app);
  return app;
}

/** OpenAPI of the routes for providers. No port serves it. Each provider signs in its own way. */
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
  return SwaggerModule.createDocument(app, config, { operationIdFactory: (_controller, method) => method });
}

/**
 * Hands each body to its handler as an unread stream: nothing of it is parsed before its signature is verified. The
 * content type of a request does not matter.
 */
function leaveBodiesUnread(app: NestFastifyApplication): void {
  const server = app.getHttpAdapter().getInstance();
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
  // The framework would answer a type that is none, or is empty, with a 415 before it looks for a parser.
  server.addHook('onRequest', ({ headers }, _reply, done) => {
    if (headers['content-type'] !== undefined) headers['content-type'] = 'application/octet-stream';
    done();
  });
}
