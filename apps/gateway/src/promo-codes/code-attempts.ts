import { setTimeout as delay } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Result } from 'ioredis';
import { clientNetworkOf } from '#http/client-address.js';
import { newId } from '#kernel/ids.js';
import { Refusal } from '#kernel/refusal.js';
import { SharedStore } from '../edge/admission/shared-store.js';
import { GatewaySettings } from '../gateway.config.js';

/** Misses are counted for this long, from the first one. */
const windowMs = 10 * 60_000;
/** A miss from an address with too many misses is answered this much later. */
const missDelayMs = 2_000;
/** How long an attempt waits for the answers of earlier attempts of the same person, and how often it looks. */
const turnMs = 3_000;
const pollMs = 50;
/** An attempt outlives its request by this margin, so that only the attempt of a crashed instance expires by itself. */
const attemptMarginMs = 5_000;

/**
 * Begins an attempt unless the misses of the person, with all attempts that are still running, might then exceed the
 * limit. KEYS: misses, running attempts (a sorted set by deadline). ARGV: the limit, the id of the attempt, its codes,
 * its longest duration, the window. Returns 0 when it began, the time to wait in milliseconds when the misses refuse
 * it, and -1 when it has to wait for running attempts.
 */
const beginScript = `
  local misses = tonumber(redis.call('GET', KEYS[1])) or 0
  local max, codes = tonumber(ARGV[1]), tonumber(ARGV[3])
  if misses + codes > max and misses > 0 then
    local left = redis.call('PTTL', KEYS[1])
    return left > 0 and left or tonumber(ARGV[5])
  end
  local time = redis.call('TIME')
  local now = time[1] * 1000 + math.floor(time[2] / 1000)
  redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now)
  local running = redis.call('ZCARD', KEYS[2])
  if running > 0 and misses + running + codes > max then return -1 end
  for index = 1, codes do redis.call('ZADD', KEYS[2], now + tonumber(ARGV[4]), ARGV[2] .. ':' .. index) end
  redis.call('PEXPIRE', KEYS[2], ARGV[4])
  return 0`;

/**
 * Ends an attempt. KEYS: running attempts; of a miss also the misses of the person and of the address. ARGV: the id of
 * the attempt, its codes, the window. Returns the misses of the address, with this one.
 */
const endScript = `
  for index = 1, tonumber(ARGV[2]) do redis.call('ZREM', KEYS[1], ARGV[1] .. ':' .. index) end
  local misses = 0
  for index = 2, #KEYS do
    misses = redis.call('INCRBY', KEYS[index], ARGV[2])
    if misses == tonumber(ARGV[2]) then redis.call('PEXPIRE', KEYS[index], ARGV[3]) end
  end
  return misses`;

declare module 'ioredis' {
  interface RedisCommander<Context> {
    beginAttempt(misses: string, running: string, ...limits: (string | number)[]): Result<number, Context>;
    endAttempt(keys: number, ...keysThenArguments: (string | number)[]): Result<number, Context>;
  }
}

/** Whether a refusal code is the one that strangers get for every code that they cannot use. */
export function isFailedGuess(code: string | undefined): boolean {
  return code === 'PROMO_CODE_NOT_USABLE';
}

/** One request with promo codes that is being answered. */
interface Attempt {
  readonly id: string;
  readonly codes: number;
  /** Keys in Redis: the misses of the person, their running attempts, and the misses of the address. */
  readonly misses: string;
  readonly running: string;
  readonly addressMisses: string;
}

/**
 * Limits guessing of promo codes. A miss is counted after its answer: a code that works counts nothing, and no misses
 * of others refuse it. A person has a number of misses in a window; then every code of this person is refused until the
 * window is over, valid ones too, since any other answer would show a guesser which is valid. Attempts that run count
 * nothing, but together with the misses they stay within the limit: an attempt beyond it waits for their answers.
 * Misses of an address, or network, only delay the answers to misses. The promotions service alone decides whether a
 * code works.
 */
@Injectable()
export class CodeAttempts {
  constructor(
    private readonly store: SharedStore,
    private readonly settings: GatewaySettings,
  ) {
    store.redis.defineCommand('beginAttempt', { numberOfKeys: 2, lua: beginScript });
    store.redis.defineCommand('endAttempt', { lua: endScript });
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
    const attempt = attemptOf(request, codes);
    await this.begin(attempt, reply);
    try {
      const answer = await send();
      if (hasFailed(answer)) await this.miss(attempt);
      else this.end(attempt);
      return answer;
    } catch (error) {
      if (error instanceof Refusal && isFailedGuess(error.code)) await this.miss(attempt);
      else this.end(attempt);
      throw error;
    }
  }

  private async begin({ id, codes, misses, running }: Attempt, reply: FastifyReply): Promise<void> {
    const { codeAttempts, rpcTimeoutMs } = this.settings;
    const limits = [codeAttempts.perPerson, id, codes, rpcTimeoutMs + attemptMarginMs, windowMs];
    for (let waitedMs = 0; ; waitedMs += pollMs) {
      const waitMs = await this.store.orUnavailable(this.store.redis.beginAttempt(misses, running, ...limits));
      if (waitMs === 0) return;
      if (waitMs > 0) throw tooMany(waitMs, reply);
      if (waitedMs >= turnMs) throw tooMany(1_000, reply);
      await delay(pollMs);
    }
  }

  /** Counts a miss before its answer is sent, so that no answer is free. */
  private async miss({ id, codes, misses, running, addressMisses }: Attempt): Promise<void> {
    const { perAddress } = this.settings.codeAttempts;
    const ofAddress = await this.store.orUnavailable(
      this.store.redis.endAttempt(3, running, misses, addressMisses, id, codes, windowMs),
    );
    if (ofAddress > perAddress) await delay(missDelayMs);
  }

  /** Does not wait: an attempt that does not end expires by itself. */
  private end({ id, codes, running }: Attempt): void {
    this.store.redis.endAttempt(1, running, id, codes, windowMs).catch(() => {});
  }
}

function attemptOf({ caller, ip }: FastifyRequest, codes: readonly string[]): Attempt {
  return {
    id: newId(),
    codes: codes.length,
    misses: `gateway:code-misses:person:${caller?.subject}`,
    running: `gateway:code-attempts:person:${caller?.subject}`,
    addressMisses: `gateway:code-misses:address:${clientNetworkOf({ ip })}`,
  };
}

function tooMany(waitMs: number, reply: FastifyReply): Refusal {
  reply.header('retry-after', Math.ceil(waitMs / 1_000));
  return new Refusal('TOO_MANY_CODE_ATTEMPTS', 'Too many codes that do not work were tried. Come back later.');
}
