import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** One hostile request as bytes, and what it may be answered. */
export interface HostileRequest {
  readonly name: string;
  readonly url: string;
  readonly bytes: Buffer;
  readonly expected: readonly number[];
  /** How many bytes are sent at a time, with a pause of 100 ms between; everything at once when left out. */
  readonly piece?: number;
}

/** The servers that hostile requests are sent to, and the token of one of them. */
export interface HostileTargets {
  readonly gateway: string;
  readonly webhooks: string;
  /** A valid token of a member, and the member. */
  readonly token: string;
  readonly personId: string;
}

const patienceMs = 20_000;
const now = () => String(Math.floor(Date.now() / 1_000));

/** One request of each kind: false signatures on a mebibyte, bad tokens, guesses, depth, slowness, size, nowhere. */
export function hostileRequests({ gateway, webhooks, token, personId }: HostileTargets): HostileRequest[] {
  const mebibyte = `{"type":"payment.succeeded","pad":"${'x'.repeat(2 ** 20)}"}`;
  const json = { 'content-type': 'application/json' };
  const forged = { ...json, 'webhook-id': 'msg_1', 'webhook-timestamp': now(), 'webhook-signature': 'v1,AAAA' };
  const member = { ...json, authorization: `Bearer ${token}` };
  const guess = { person_id: personId, promo_code: `GUESS-${Math.random().toString(36).slice(2, 10).toUpperCase()}` };
  const deep = '['.repeat(30_000) + ']'.repeat(30_000);
  const to = (url: string, method: string, path: string, headers: Record<string, string>, body = '') => ({
    url,
    bytes: wire(url, method, path, headers, body),
  });
  return [
    {
      name: 'forged webhook',
      ...to(webhooks, 'POST', '/webhooks/standard', forged, mebibyte),
      expected: [401, 413, 429],
    },
    {
      name: 'forged conversion',
      ...to(gateway, 'POST', '/api/conversions', forged, mebibyte),
      expected: [401, 413, 429],
    },
    {
      name: 'bad token',
      ...to(gateway, 'GET', '/api/orders', { authorization: `Bearer ${token}x` }),
      expected: [401, 429],
    },
    {
      name: 'guess',
      ...to(gateway, 'POST', '/api/promo-codes/apply', member, JSON.stringify(guess)),
      expected: [404, 422, 429],
    },
    { name: 'deep JSON', ...to(gateway, 'POST', '/api/orders', member, deep), expected: [400] },
    {
      name: 'slow body',
      ...to(gateway, 'POST', '/api/orders', member, '{"a":'.repeat(40)),
      expected: [400, 408],
      piece: 100,
    },
    {
      name: 'huge headers',
      ...to(gateway, 'GET', '/api/orders', { ...member, 'x-huge': 'x'.repeat(60_000) }),
      expected: [431],
    },
    { name: 'unknown route', ...to(gateway, 'GET', '/api/wp-login.php', {}), expected: [401, 404, 429] },
  ];
}

/**
 * Sends a hostile request on a connection of its own, and gives the status of the answer; 0 when the server has closed
 * the connection without one, as it may do to a body that it does not want.
 */
export function sendHostile({ url, bytes, piece = bytes.length }: HostileRequest): Promise<number> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    let answer = '';
    const done = (status: number) => {
      clearTimeout(tooLate);
      socket.destroy();
      resolve(status);
    };
    const tooLate = setTimeout(() => {
      socket.destroy();
      reject(new Error('no answer to a hostile request'));
    }, patienceMs);
    const send = async () => {
      for (let at = 0; at < bytes.length && socket.writable; at += piece) {
        socket.write(bytes.subarray(at, at + piece));
        if (piece < bytes.length) await sleep(100);
      }
    };
    socket.once('connect', send);
    socket.on('data', (chunk: Buffer) => {
      answer += chunk.toString('latin1');
      if (answer.length >= 12) done(Number(answer.slice(9, 12)));
    });
    // A server that answers before it has read all resets the connection: the answer may be lost on the way.
    socket.once('error', () => done(0));
    socket.once('close', () => done(0));
  });
}

function wire(url: string, method: string, path: string, headers: Record<string, string>, body: string): Buffer {
  const lines = Object.entries({ host: new URL(url).host, ...headers, 'content-length': String(body.length) });
  return Buffer.from(
    `${method} ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`,
  );
}
