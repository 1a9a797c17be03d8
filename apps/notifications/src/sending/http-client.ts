import { lookup } from 'node:dns/promises';
import type { LookupFunction } from 'node:net';
import { isIP } from 'node:net';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Agent, buildConnector, request } from 'undici';
import { isAllowedAddress } from '../endpoints/domain/allowed-addresses.js';
import { NotificationsSettings } from '../notifications.config.js';
import { type Answer, connectionErrorOf, NotAllowed, NotResolved } from './domain/answer.js';

const requestTimeoutMs = 15_000;
const connectTimeoutMs = 5_000;
/** So much of an answer is read, and kept for the log. */
const answerBytesMax = 1_000;

/** Resolves a name to all of its addresses. Tests replace it. */
export abstract class Resolver {
  abstract resolve(name: string): Promise<readonly { readonly address: string; readonly family: number }[]>;
}

/** As the machine resolves names, with its hosts file. */
@Injectable()
export class SystemResolver extends Resolver {
  resolve(name: string) {
    return lookup(name, { all: true });
  }
}

/**
 * Posts to servers of strangers. Every connection is made to an address that was checked for it: a name is resolved
 * once, all of its addresses are checked, and the connection goes to them and is not resolved again. Redirects are not
 * followed. Time and answer are bounded.
 */
@Injectable()
export class HttpClient implements OnApplicationShutdown {
  /** From the first packet to the last byte that is read of the answer. */
  readonly timeoutMs: number = requestTimeoutMs;
  private readonly agent: Agent;

  constructor(
    private readonly resolver: Resolver,
    { allowedTargets: { privateNetworks } }: NotificationsSettings,
  ) {
    const checked: LookupFunction = (name, _, done) => {
      this.addressesOf(name, privateNetworks).then(
        (addresses) =>
          done(
            null,
            addresses.map(({ address, family }) => ({ address, family })),
          ),
        (error) => done(error, []),
      );
    };
    const connect = buildConnector({ lookup: checked, timeout: connectTimeoutMs, autoSelectFamily: true });
    this.agent = new Agent({
      connect: (options, done) => {
        // An address needs no look-up, so it is checked here.
        const host = options.hostname.replace(/^\[(.*)\]$/, '$1');
        if (isIP(host) !== 0 && !isAllowedAddress(host, privateNetworks)) done(new NotAllowed(host), null);
        else connect(options, done);
      },
      keepAliveTimeout: 4_000,
      pipelining: 1,
    });
  }

  /** The answer of the server, or why there is none; throws nothing. */
  async post(url: string, headers: Readonly<Record<string, string>>, body: string): Promise<Answer> {
    const began = performance.now();
    const durationMs = () => Math.round(performance.now() - began);
    try {
      const response = await request(url, {
        dispatcher: this.agent,
        method: 'POST',
        headers,
        body,
        signal: AbortSignal.timeout(this.timeoutMs),
      });
      const { statusCode: status, headers: answered } = response;
      const retryAfter = answered['retry-after'];
      const text = await beginningOf(response.body).catch(() => '');
      return {
        status,
        answer: text,
        retryAfter: typeof retryAfter === 'string' ? retryAfter : undefined,
        durationMs: durationMs(),
      };
    } catch (error) {
      return { ...connectionErrorOf(error), durationMs: durationMs() };
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await this.agent.destroy();
  }

  private async addressesOf(name: string, privateNetworks: readonly string[]) {
    const addresses = await this.resolver.resolve(name).catch((error: Error) => {
      throw new NotResolved(error.message);
    });
    if (addresses.length === 0) throw new NotResolved(name);
    for (const { address } of addresses) {
      if (!isAllowedAddress(address, privateNetworks)) throw new NotAllowed(`${name}: ${address}`);
    }
    return addresses;
  }
}

/** Reads the beginning of a body, and ends the connection when there is more. */
async function beginningOf(body: AsyncIterable<Buffer> & { destroy(): void }): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    length += chunk.length;
    if (length >= answerBytesMax) break;
  }
  body.destroy();
  return Buffer.concat(chunks).subarray(0, answerBytesMax).toString('utf8');
}
