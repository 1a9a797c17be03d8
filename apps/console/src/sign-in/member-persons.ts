import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Refusal } from '#kernel/refusal.js';
import { ConsoleSettings } from '../console.config.js';

/** The gateway does not answer: 503. */
export class GatewayUnavailable extends Error {
  override readonly name = 'GatewayUnavailable';
}

/** What the provider says of a member. */
export interface Profile {
  readonly name: string;
  readonly email: string | undefined;
  readonly username: string | undefined;
}

/** The person that a member is, as the gateway has them. */
export interface Member {
  readonly id: string;
  /** As the member may have corrected it since the registration. */
  readonly name: string;
}

interface Problem {
  readonly code: string;
  readonly detail: string;
}

const answerWithinMs = 10_000;
const usernameMax = 64;
/** How often another username is tried when one is taken. */
const attemptsMax = 3;

/** Which person a member is. At the first sign-in a member is registered, under the name that the provider has. */
@Injectable()
export class MemberPersons {
  constructor(private readonly settings: ConsoleSettings) {}

  /**
   * The member with this access token.
   * @throws Refusal with the code of the gateway when it does not register them
   * @throws GatewayUnavailable
   */
  async of(accessToken: string, profile: Profile): Promise<Member> {
    const found = await this.call(accessToken, 'GET', '/api/persons/me');
    if (found.ok) return memberIn(found);
    if (found.status !== 404) throw await failureOf(found);
    return this.register(accessToken, profile);
  }

  /**
   * The name of the member with this access token, who is registered.
   * @throws Refusal, GatewayUnavailable
   */
  async nameOf(accessToken: string): Promise<string> {
    return (await memberIn(await this.call(accessToken, 'GET', '/api/persons/me'))).name;
  }

  private async register(accessToken: string, { name, email, username }: Profile): Promise<Member> {
    const wanted = usernameFrom(username ?? email?.split('@')[0] ?? name);
    for (let attempt = 1; ; attempt += 1) {
      const suffix = attempt === 1 ? '' : `-${randomBytes(3).toString('hex')}`;
      const person = { name, email, username: `${wanted.slice(0, usernameMax - suffix.length)}${suffix}` };
      const answer = await this.call(accessToken, 'POST', '/api/persons', person);
      if (answer.ok) return memberIn(answer);
      const failure = await failureOf(answer);
      const code = failure instanceof Refusal ? failure.code : undefined;
      // A second tab of the same person was faster.
      if (code === 'PERSON_EXISTS') return memberIn(await this.call(accessToken, 'GET', '/api/persons/me'));
      if (code !== 'USERNAME_TAKEN' || attempt === attemptsMax) throw failure;
    }
  }

  private async call(accessToken: string, method: string, path: string, body?: object): Promise<Response> {
    try {
      return await fetch(new URL(path, this.settings.gatewayUrl), {
        method,
        headers: {
          authorization: `Bearer ${accessToken}`,
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        body: body === undefined ? undefined : JSON.stringify(body),
        signal: AbortSignal.timeout(answerWithinMs),
      });
    } catch (error) {
      throw new GatewayUnavailable('The gateway did not answer', { cause: error });
    }
  }
}

/** A username as the API has it: letters, digits, and after the first one also `.`, `_` and `-`. */
export function usernameFrom(text: string): string {
  const plain = text
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+|-+$/g, '');
  return plain.slice(0, usernameMax) || 'member';
}

async function memberIn(answer: Response): Promise<Member> {
  if (!answer.ok) throw await failureOf(answer);
  const { person_id, name } = (await answer.json()) as { person_id: string; name: string };
  return { id: person_id, name };
}

async function failureOf(answer: Response): Promise<Error> {
  const problem = (await answer.json().catch(() => undefined)) as Problem | undefined;
  if (answer.status >= 500 || answer.status === 429 || problem?.code === undefined) {
    return new GatewayUnavailable(`The gateway answered ${answer.status}`);
  }
  return new Refusal(problem.code, problem.detail);
}
