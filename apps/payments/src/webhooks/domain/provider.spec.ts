import { describe, expect, it } from '@jest/globals';
import { isPlausible, SignatureCheck } from '#identity/signature.js';
import {
  standardNotification,
  stripeNotification,
} from '../../../../../test/support/messages/provider-notifications.js';
import type { WebhookProvider } from './provider.js';
import { standard } from './standard.js';
import { stripe } from './stripe.js';

const now = Temporal.Instant.from('2026-03-02T09:00:00Z');
const events = { amountMinor: 1_234, currency: 'EUR' };

const sides = [
  {
    provider: standard,
    sign: standardNotification,
    secrets: ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'whsec_c2Vjb25kIHNlY3JldCBvZiBvdXJz'],
  },
  {
    provider: stripe,
    sign: stripeNotification,
    secrets: ['whsec_first_secret_of_ours', 'whsec_second_secret_of_ours'],
  },
] as const;

function verdict(
  provider: WebhookProvider,
  { headers, body }: { headers: Readonly<Record<string, string>>; body: string | Buffer },
  secrets: readonly string[],
): boolean {
  const claimed = provider.signatureOf(headers);
  if (!claimed || !isPlausible(claimed, now)) return false;
  const check = new SignatureCheck(
    claimed,
    secrets.map((secret) => provider.keyOf(secret)),
  );
  check.update(Buffer.from(body));
  return check.isAuthentic();
}

describe.each(sides)('a notification of $provider.name', ({ provider, sign, secrets }) => {
  const signedAt = (seconds: number) => new Date(now.epochMilliseconds + seconds * 1_000);
  const signed = (seconds = 0) => sign(secrets[0], { ...events, signedAt: signedAt(seconds) });

  it('signed by the provider’s own SDK is authentic', () => {
    expect(verdict(provider, signed(), [secrets[0]])).toBe(true);
  });

  it('is authentic with any of the configured secrets, so that they can be rotated', () => {
    expect(verdict(provider, signed(), [secrets[1], secrets[0]])).toBe(true);
    expect(verdict(provider, signed(), [secrets[1]])).toBe(false);
  });

  it.each([-300, 300])('is authentic %i seconds away', (seconds) => {
    expect(verdict(provider, signed(seconds), [secrets[0]])).toBe(true);
  });

  it.each([-301, 301])('is not believed %i seconds away', (seconds) => {
    expect(verdict(provider, signed(seconds), [secrets[0]])).toBe(false);
  });

  it('with one byte changed is not believed', () => {
    const { headers, body } = signed();
    expect(verdict(provider, { headers, body: body.replace('1234', '1235') }, [secrets[0]])).toBe(false);
    expect(verdict(provider, { headers, body: `${body} ` }, [secrets[0]])).toBe(false);
  });

  it.each(provider.headers)('without %s is not believed', (name) => {
    const { headers, body } = signed();
    const { [name]: _, ...others } = headers;
    expect(verdict(provider, { headers: others, body }, [secrets[0]])).toBe(false);
  });

  it('with a signature that is no signature is not believed', () => {
    const { headers, body } = signed();
    const name = provider.headers.at(-1) as string;
    for (const nonsense of ['', 'v1', 'v1,', 't=,v1=', 'v1,AAAA', `${headers[name]?.replace(/v1/g, 'v0')}`]) {
      expect(verdict(provider, { headers: { ...headers, [name]: nonsense }, body }, [secrets[0]])).toBe(false);
    }
  });

  it.each([
    ['with white space after each comma', (value: string) => value.replaceAll(',', ', ')],
    ['with a tab and empty elements', (value: string) => `,\t${value.replaceAll(',', ' ,\t')},`],
    ['joined with that of another request', (value: string) => `${value}, ${value.replace(/[0-9a-zA-Z]{9}=?$/, 'x')}`],
  ])('is authentic when gateways wrote its header as a list %s', (_, joined) => {
    const { headers, body } = signed();
    const name = provider.headers.at(-1) as string;
    const listed = { ...headers, [name]: joined(headers[name] as string) };
    expect(verdict(provider, { headers: listed, body }, [secrets[0]])).toBe(true);
  });

  it('is authentic when one of several signatures is right', () => {
    const { headers, body } = signed();
    const [first, second] = [headers, sign(secrets[1], { ...events, signedAt: signedAt(0) }).headers];
    const name = provider.headers.at(-1) as string;
    const both =
      provider === standard
        ? `${second[name]} ${first[name]}`
        : `${first[name]?.split(',')[0]},${second[name]?.split(',')[1]},${first[name]?.split(',')[1]}`;
    expect(verdict(provider, { headers: { ...headers, [name]: both }, body }, [secrets[0]])).toBe(true);
  });
});

describe('a secret', () => {
  it('that cannot be one stops the service from starting', () => {
    expect(() => standard.keyOf('whsec_')).toThrow('base64');
    expect(() => stripe.keyOf('short')).toThrow('whsec_');
  });
});
