import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';

/** Imports a module of an app by its path: the tool takes it from `dist/`, a test from its source. */
export type ImportApp = (path: string) => Promise<unknown>;

/** No server is asked for a document; these only have to look like addresses. */
const nowhere = {
  NODE_ENV: 'test',
  LOG_LEVEL: 'warn',
  DATABASE_URL: 'postgresql://nowhere/none',
  REDIS_URL: 'redis://nowhere',
  AMQP_URL: 'amqp://nowhere',
  AUTH_ISSUER: 'nobody',
  AUTH_AUDIENCE: 'nobody',
  AUTH_JWKS: 'file:///nowhere',
};

/** OpenAPI of each HTTP port that clients and providers use, as `/docs` serves it, by path below `docs/`. */
export async function apiDocuments(importApp: ImportApp): Promise<Map<string, unknown>> {
  return new Map<string, unknown>([
    ['openapi.json', await gatewayDocument(importApp)],
    ['openapi.webhooks.json', await webhooksDocument(importApp)],
  ]);
}

async function gatewayDocument(importApp: ImportApp): Promise<unknown> {
  const [{ createGateway }, { readGatewayConfig }, { openApiDocument }] = (await Promise.all([
    importApp('apps/gateway/src/gateway.http.js'),
    importApp('apps/gateway/src/gateway.config.js'),
    importApp('apps/gateway/src/documents/openapi.js'),
  ])) as [
    typeof import('../../apps/gateway/src/gateway.http.ts'),
    typeof import('../../apps/gateway/src/gateway.config.ts'),
    typeof import('../../apps/gateway/src/documents/openapi.ts'),
  ];
  return openApiDocument(await createGateway(readGatewayConfig(nowhere)));
}

async function webhooksDocument(importApp: ImportApp): Promise<unknown> {
  const [{ PaymentServiceModule }, { readPaymentsConfig }, { openApi }] = (await Promise.all([
    importApp('apps/payments/src/payment-service.module.js'),
    importApp('apps/payments/src/payments.config.js'),
    importApp('apps/payments/src/payments.http.js'),
  ])) as [
    typeof import('../../apps/payments/src/payment-service.module.ts'),
    typeof import('../../apps/payments/src/payments.config.ts'),
    typeof import('../../apps/payments/src/payments.http.ts'),
  ];
  // Routes without what stands behind them: that would connect to the database.
  const app = await NestFactory.create<NestFastifyApplication>(
    PaymentServiceModule.with(readPaymentsConfig(nowhere)),
    new FastifyAdapter(),
    { preview: true, logger: false, abortOnError: false },
  );
  return openApi(app);
}
