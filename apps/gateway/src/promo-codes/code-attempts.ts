import { normalizeIP } from '@fastify/rate-limit';
import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Result } from 'ioredis';
import { foldCode } from '#contracts/fold-code.js';
import { Refusal } from '#kernel/refusal.js';
import { SharedStore } from '../edge/shared-store.js';
import { GatewaySettings } from '../gateway.config.js';

const windowMs = 10 * 60_000;
/** As much of a code as a campaign usually has in common. */
const prefixLength = 4;

/**
 * Counts under every key, or, where that would pass the most of one, under none: who is turned away as a person must
 * not use up what all have in common. The first of a window begins it. Says how long to wait, 0 when it counted.
 * ARGV: how long a window lasts; then, key by key, the attempts and their most.
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

/** Gives back what was counted, unless its window is over. */
const giveBackScript = `
  if redis.call('EXISTS', KEYS[1]) == 1 then return redis.call('DECRBY', KEYS[1], ARGV[1]) end
  return 0`;

declare module 'ioredis' {
  interface RedisCommander<Context> {
    countAttempts(keys: number, ...keysThenArguments: (string | number)[]): Result<number, Context>;
    giveBackAttempts(key: string, attempts: number): Result<number, Context>;
  }
}

/** What a stranger hears of a code that does not work or does not exist. */
export function isMiss(code: string | undefined): boolean {
  return code === 'PROMO_CODE_NOT_USABLE';
}

interface Count {
  readonly key: string;
  readonly attempts: number;
  readonly max: number;
}

/**
 * Keeps strangers from finding codes by trying. Codes that do not work count against whoever tries them, where they
 * come from and how the codes begin; too many of any of these, and nothing is asked until the window is over. An
 * attempt counts before it is made and is given back when it was none, so that many at once are not more than one after
 * the other. Who is turned away has tried nothing, and counts for nothing. It only ever refuses: whether a code works
 * is said by the promotions service alone.
 */
@Injectable()
export class CodeAttempts {
  constructor(
    private readonly store: SharedStore,
    private readonly settings: GatewaySettings,
  ) {
    store.redis.defineCommand('countAttempts', { lua: countScript });
    store.redis.defineCommand('giveBackAttempts', { numberOfKeys: 1, lua: giveBackScript });
  }

  /**
   * What `ask` answers. `missed` says of an answer whether it was a guess that failed; a Refusal may be one as well.
   * @throws Refusal TOO_MANY_CODE_ATTEMPTS, and what `ask` throws
   */
  async guard<Answer>(
    request: FastifyRequest,
    reply: FastifyReply,
    codes: readonly string[],
    ask: () => Promise<Answer>,
    missed: (answer: Answer) => boolean = () => false,
  ): Promise<Answer> {
    const counts = this.countsOf(request, codes);
    await this.count(counts, reply);
    let hasMissed = false;
    try {
      const answer = await ask();
      hasMissed = missed(answer);
      return answer;
    } catch (error) {
      hasMissed = error instanceof Refusal && isMiss(error.code);
      throw error;
    } finally {
      if (!hasMissed) this.giveBack(counts);
    }
  }

  private async count(counts: readonly Count[], reply: FastifyReply): Promise<void> {
    const keys = counts.map(({ key }) => key);
    const bounds = counts.flatMap(({ attempts, max }) => [attempts, max]);
    const waitMs = await this.store.ask(this.store.redis.countAttempts(keys.length, ...keys, windowMs, ...bounds));
    if (waitMs === 0) return;
    reply.header('retry-after', Math.ceil(waitMs / 1_000));
    // One text, whichever count it was.
    throw new Refusal('TOO_MANY_CODE_ATTEMPTS', 'Too many codes that do not work were tried. Come back later.');
  }

  /** Not waited for: what is not given back ends with its window. */
  private giveBack(counts: readonly Count[]): void {
    for (const { key, attempts } of counts) this.store.redis.giveBackAttempts(key, attempts).catch(() => {});
  }

  private countsOf({ caller, ip }: FastifyRequest, codes: readonly string[]): Count[] {
    const { perPerson, perAddress, perPrefix } = this.settings.codeAttempts;
    const prefixes = Map.groupBy(codes, (code) => foldCode(code).slice(0, prefixLength));
    return [
      { key: `gateway:attempts:person:${caller?.subject}`, attempts: codes.length, max: perPerson },
      { key: `gateway:attempts:address:${normalizeIP(ip, 64)}`, attempts: codes.length, max: perAddress },
      ...[...prefixes].map(([prefix, { length: attempts }]) => {
        return { key: `gateway:attempts:prefix:${prefix}`, attempts, max: perPrefix };
      }),
    ];
  }
}
