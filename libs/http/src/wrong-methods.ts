import type { FastifyInstance } from 'fastify';
import { Refusal } from '#kernel/refusal.js';

/**
 * Answers 405 with `Allow` in place of 404 where a route exists for another method, with or without a slash at the end.
 * Call it before any route is registered.
 */
export function refuseWrongMethods(server: FastifyInstance): void {
  const routes = new Map<string, { readonly matches: RegExp; readonly methods: Set<string> }>();
  server.addHook('onRoute', ({ url, method }) => {
    const route = routes.get(url) ?? { matches: shapeOf(url), methods: new Set<string>() };
    routes.set(url, route);
    for (const name of [method].flat()) route.methods.add(name);
  });
  server.addHook('onRequest', async (request, reply) => {
    if (!request.is404) return;
    const path = (request.url.split('?', 1)[0] ?? '').replace(/(?<=.)\/$/, '');
    const methods = new Set(
      [...routes.values()].filter(({ matches }) => matches.test(path)).flatMap((route) => [...route.methods]),
    );
    if (methods.size === 0) return;
    reply.header('allow', [...methods].sort().join(', '));
    throw new Refusal('METHOD_NOT_ALLOWED', `${request.method} is not allowed for this address.`);
  });
}

function shapeOf(url: string): RegExp {
  const steps = url
    .split('/')
    .map((step) => (step.startsWith(':') ? '[^/]+' : step === '*' ? '.*' : step.replace(/[^\w-]/g, '\\$&')));
  return new RegExp(`^${steps.join('/')}$`);
}
