import { Logger } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Refusal } from '#kernel/refusal.js';
import { type Asset, type Encoding, encodings, hashedPath, readPages } from './pages.js';

const startPage = '/index.html';

/**
 * Serves the built pages of `folder`. Any other path is the start page, whose script knows the screens; but a file
 * that a page of another version names is not found, and neither is anything below `/api` and `/auth`.
 */
export function servePages(server: FastifyInstance, folder: string): void {
  const pages = readPages(folder);
  if (!pages.has(startPage)) new Logger('Pages').error({ folder }, 'the pages are not built: npm run build:web');
  server.get('/*', (request, reply) => {
    const path = request.url.split('?', 1)[0] as string;
    const isScreen = !/^\/(api|auth)(\/|$)/.test(path) && !path.startsWith(hashedPath);
    const asset = pages.get(path) ?? (isScreen ? pages.get(startPage) : undefined);
    if (!asset) throw new Refusal('NOT_FOUND', 'There is nothing at this address.');
    return send(asset, request, reply);
  });
}

function send(asset: Asset, { headers }: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { type, etag, cacheControl, body, encoded } = asset;
  reply.headers({ 'cache-control': cacheControl, etag });
  if (encoded.size > 0) reply.header('vary', 'accept-encoding');
  if (headers['if-none-match']?.split(/\s*,\s*/).some((tag) => tag.replace(/^W\//, '') === etag)) {
    return reply.status(304).send();
  }
  const encoding = encodings.find((one) => encoded.has(one) && accepts(headers['accept-encoding'], one));
  if (encoding) reply.header('content-encoding', encoding);
  return reply.type(type).send((encoding && encoded.get(encoding)) ?? body);
}

/** RFC 9110 §12.5.3, for codings that are named; a weight of zero excludes one. */
function accepts(header: string | string[] | undefined, encoding: Encoding): boolean {
  return [header ?? '']
    .flat()
    .join(',')
    .split(',')
    .some((entry) => {
      const [coding, ...parameters] = entry.split(';').map((part) => part.trim().toLowerCase());
      return coding === encoding && !parameters.some((one) => /^q=0(\.0*)?$/.test(one));
    });
}
