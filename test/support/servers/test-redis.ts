import { serverUrl, workerId } from './test-server.js';

/** The Redis address of this jest worker's own database number. */
export function testRedisUrl(): string {
  const url = serverUrl('REDIS_URL');
  url.pathname = `/${workerId()}`;
  return url.href;
}
