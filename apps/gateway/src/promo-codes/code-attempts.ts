import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Result } from 'ioredis';
import { foldCode } from '#contracts/promotions/fold-code.js';
import { clientNetworkOf } from '#http/client-address.js';
import { Refusal } from '#kernel/refusal.js';
import { SharedStore } from '../edge/admission/shared-store.js';
import { GatewaySettings } from '../gateway.config.js';

const windowMs = 10 * 60_000;
/** The codes of a campaign usually share a prefix of this length. */
const prefixLength = 4;

/**
 * Counts attempts under every key, or under none where one would exceed its limit: a person over their limit must not
 * use up the limit of a prefix. The first attempt starts a window. Returns the time to wait in milliseconds, 0 when it
 * counted. ARGV: the length of a window; then for each key the attempts and the limit.
 */
const countScript = `
  local wait = 0
  for i, key in ipairs(KEYS) do
    if (tonumber(redis.call('GET', key)) or 0) + tonumber(ARGV[2 * i]) > tonumber(ARGV[2 * i + 1]) then
      local left = redis.call('PTTL', key)
      wait = math.max(wait, left > 0 and left or tonumber(ARGV[1]))
    end
  end
  if wait > 0 then return wait end
  for i, key in ipairs(KEYS) do
    if redis.call('INCRBY', key, ARGV[2 * i]) == tonumber(ARGV[2 * i]) then redis.call('PEXPIRE', key, ARGV[1]) end
  end
  return 0`;

/** Subtracts counted attempts, unless their window is over. */
const uncountScript = `
  if redis.call('EXISTS', KEYS[1]) == 1 then return redis.call('DECRBY', KEYS[1], ARGV[1]) end
  return 0`;

declare module 'ioredis' {
  interface RedisCommander<Context> {
    countAttempts(keys: number, ...keysThenArguments: (string | number)[]): Result<number, Context>;
    uncountAttempts(key: string, attempts: number): Result<number, Context>;
  }
}

/** Whether a refusal code is the one that strangers get for every code that they cannot use. */
export function isFailedGuess(code: string | undefined): boolean {
  return code === 'PROMO_CODE_NOT_USABLE';
}

interface Count {
  readonly key: string;
  readonly attempts: number;
  readonly max: number;
}

/**
 * Limits guessing of promo codes. Failed codes count per person, per address and per prefix of the code; over a limit
 * every request is refused until the window is over. An attempt is counted before the request and subtracted when it
 * did not fail, so that parallel attempts are limited like sequential ones. A refused request counts nothing. The
 * promotions service alone decides whether a code works.
 */
@Injectable()
export class CodeAttempts {
  constructor(
    private readonly store: SharedStore,
    private readonly settings: GatewaySettings,
  ) {
    store.redis.defineCommand('countAttempts', { lua: countScript });
    store.redis.defineCommand('uncountAttempts', { numberOfKeys: 1, lua: uncountScript });
  }

  /**
   * The answer of `send`. `hasFailed` decides whether an answer is a failed guess; a Refusal may be one too.
   * @throws Refusal TOO_MANY_CODE_ATTEMPTS, and the errors of `send`
   */
  async guard<Answer>(
    request: FastifyRequest,
    reply: FastifyReply,
    codes: readonly string[],
    send: () => Promise<Answer>,
    hasFailed: (answer: Answer) => boolean = () => false,
  ): Promise<Answer> {
    const counts = this.countsOf(request, codes);
    await this.count(counts, reply);
    let isFailure = false;
    try {
      const answer = await send();
      isFailure = hasFailed(answer);
      return answer;
    } catch (error) {
      isFailure = error instanceof Refusal && isFailedGuess(error.code);
      throw error;
    } finally {
      if (!isFailure) this.uncount(counts);
    }
  }

  private async count(counts: readonly Count[], reply: FastifyReply): Promise<void> {
    const keys = counts.map(({ key }) => key);
    const bounds = counts.flatMap(({ attempts, max }) => [attempts, max]);
    const waitMs = await this.store.orUnavailable(
      this.store.redis.countAttempts(keys.length, ...keys, windowMs, ...bounds),
    );
    if (waitMs === 0) return;
    reply.header('retry-after', Math.ceil(waitMs / 1_000));
    // The same text for every limit.
    throw new Refusal('TOO_MANY_CODE_ATTEMPTS', 'Too many codes that do not work were tried. Come back later.');
  }

  /** Does not wait: attempts that are not subtracted end with their window. */
  private uncount(counts: readonly Count[]): void {
    for (const { key, attempts } of counts) this.store.redis.uncountAttempts(key, attempts).catch(() => {});
  }

  private countsOf({ caller, ip }: FastifyRequest, codes: readonly string[]): Count[] {
    const { perPerson, perAddress, perPrefix } = this.settings.codeAttempts;
    const prefixes = Map.groupBy(codes, (code) => foldCode(code).slice(0, prefixLength));
    return [
      { key: `gateway:attempts:person:${caller?.subject}`, attempts: codes.length, max: perPerson },
      { key: `gateway:attempts:address:${clientNetworkOf({ ip })}`, attempts: codes.length, max: perAddress },
      ...[...prefixes].map(([prefix, { length: attempts }]) => {
        return { key: `gateway:attempts:prefix:${prefix}`, attempts, max: perPrefix };
      }),
    ];
  }
}
