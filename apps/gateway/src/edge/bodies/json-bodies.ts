import { UnsupportedMediaTypeException } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';

/**
 * Parses JSON bodies and refuses all others with 415. Zero bytes of any type are no body: clients set the content type
 * for every request. Call it before the server listens, and before parsers for other types are added.
 */
export function acceptJsonBodies(app: NestFastifyApplication, bodyLimitBytes: number): void {
  const parseJson = app.getHttpAdapter().getInstance().getDefaultJsonParser('error', 'error');
  const options = { bodyLimit: bodyLimitBytes };
  app.useBodyParser('application/json', options, (request, body: Buffer, done) => {
    if (body.length === 0) done(null, undefined);
    else parseJson(request as FastifyRequest, body.toString(), done);
  });
  for (const type of ['application/x-www-form-urlencoded', 'text/plain', '*']) {
    app.useBodyParser(type, options, (_request, body: Buffer, done) => {
      if (body.length === 0) done(null, undefined);
      else done(new UnsupportedMediaTypeException('Bodies are application/json.'));
    });
  }
}
