/** The worker's number, from 1: each jest worker has a vhost and a Redis database of its own. */
export function workerId(): number {
  return Number(process.env.JEST_WORKER_ID ?? 1);
}

/** The address of a server that the integration tests need. `npm test` starts the servers and names them. */
export function serverUrl(name: 'DATABASE_URL' | 'REDIS_URL' | 'AMQP_URL'): URL {
  const url = process.env[name];
  if (!url) throw new Error(`${name} is not set: run the tests with "npm test", or name a server of your own`);
  return new URL(url);
}
