import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { trustedProxies } from '#http/trusted-proxies.js';
import { issuerOf, issuerVariables, type TokenIssuer } from '#identity/token-issuer.js';
import { readConfig } from '#kernel/config.js';
import { ProcessSettings, port, processSettings, processVariables } from '#kernel/service-settings.js';

/** AES-256 needs a key of this length. */
const sessionKeyBytes = 32;

/** An `https:` address. `http:` is for addresses of this machine alone: what goes there never leaves it. */
const address = z
  .url()
  .refine((text) => isHttps(text) || isLoopback(text), 'is https:, or http: at 127.0.0.1, [::1] or localhost');

/** Keys in base64, by commas. The first one seals, and each of them opens. */
const sessionKeys = z.string().transform((text, context) => {
  const keys = text.split(',').map((key) => Buffer.from(key.trim(), 'base64'));
  if (keys.some(({ length }) => length !== sessionKeyBytes)) {
    context.addIssue(`each key is ${sessionKeyBytes} bytes in base64: openssl rand -base64 ${sessionKeyBytes}`);
  }
  return keys as [Buffer, ...Buffer[]];
});

const variables = processVariables.extend(issuerVariables.shape).extend({
  CONSOLE_PORT: port(4608),
  CONSOLE_OPERATIONS_PORT: port(4609),
  TRUST_PROXY: trustedProxies,
  CONNECTIONS_MAX: z.coerce.number().int().min(1).default(10_000),
  CONSOLE_URL: address.optional(),
  GATEWAY_URL: z.url({ protocol: /^https?$/ }).optional(),
  GATEWAY_PORT: port(4600),
  OIDC_ISSUER: address.optional(),
  OIDC_CLIENT_ID: z.string().min(1),
  OIDC_CLIENT_SECRET: z.string().min(1).optional(),
  OIDC_SCOPE: z
    .string()
    .regex(/(^| )openid( |$)/, 'contains openid')
    .default('openid profile email'),
  OIDC_PARAMETERS: z.string().default(''),
  SESSION_KEY: sessionKeys,
});

/** The OpenID provider, and what the console is to it. */
export interface ProviderSettings {
  readonly issuer: URL;
  readonly clientId: string;
  /** Undefined for a public client. */
  readonly clientSecret: string | undefined;
  readonly scope: string;
  /** Parameters of the authorization request that one provider needs, such as `audience` or `resource`. */
  readonly parameters: URLSearchParams;
}

export abstract class ConsoleSettings extends ProcessSettings {
  abstract readonly host: string;
  abstract readonly port: number;
  abstract readonly trustProxy: boolean | string;
  abstract readonly connectionsMax: number;
  /** Where browsers find the console. Its scheme decides about the cookies: `__Host-` and Secure are for https. */
  abstract readonly publicUrl: URL;
  abstract readonly gatewayUrl: URL;
  /** The tokens that the gateway accepts. A person whose token is no such token is not signed in. */
  abstract readonly issuer: TokenIssuer;
  abstract readonly provider: ProviderSettings;
  abstract readonly sessionKeys: readonly [Buffer, ...Buffer[]];
  /** The folder of the built pages. */
  abstract readonly pages: string;
}

/** @throws Misconfigured */
export function readConsoleConfig(environment: NodeJS.ProcessEnv): ConsoleSettings {
  const given = readConfig(schema, environment);
  const local = (number: number) => `http://127.0.0.1:${number}`;
  return {
    ...processSettings(given, given.CONSOLE_OPERATIONS_PORT),
    host: given.HOST,
    port: given.CONSOLE_PORT,
    trustProxy: given.TRUST_PROXY,
    connectionsMax: given.CONNECTIONS_MAX,
    publicUrl: new URL(given.CONSOLE_URL ?? local(given.CONSOLE_PORT)),
    gatewayUrl: new URL(given.GATEWAY_URL ?? local(given.GATEWAY_PORT)),
    issuer: issuerOf(given),
    provider: {
      issuer: new URL(given.OIDC_ISSUER ?? given.AUTH_ISSUER),
      clientId: given.OIDC_CLIENT_ID,
      clientSecret: given.OIDC_CLIENT_SECRET,
      scope: given.OIDC_SCOPE,
      parameters: new URLSearchParams(given.OIDC_PARAMETERS),
    },
    sessionKeys: given.SESSION_KEY,
    pages: fileURLToPath(new URL('../web', import.meta.url)),
  };
}

const schema = variables
  .refine(({ CONSOLE_URL, NODE_ENV }) => CONSOLE_URL !== undefined || NODE_ENV !== 'production', {
    path: ['CONSOLE_URL'],
    error: 'is missing: where browsers find the console',
  })
  .refine(({ CONSOLE_URL }) => isOrigin(CONSOLE_URL), {
    path: ['CONSOLE_URL'],
    error: 'has no path: the console is the only thing at its address',
  })
  .refine(({ GATEWAY_URL, NODE_ENV }) => GATEWAY_URL !== undefined || NODE_ENV !== 'production', {
    path: ['GATEWAY_URL'],
    error: 'is missing: where the gateway is, such as http://gateway:4600',
  })
  .refine(({ GATEWAY_URL }) => isOrigin(GATEWAY_URL), {
    path: ['GATEWAY_URL'],
    error: 'has no path',
  })
  .refine(({ OIDC_ISSUER, AUTH_ISSUER }) => OIDC_ISSUER !== undefined || address.safeParse(AUTH_ISSUER).success, {
    path: ['OIDC_ISSUER'],
    error: 'is missing: AUTH_ISSUER is no address at which a provider can be discovered',
  });

/** Whether an address has no path. What is no address at all is refused elsewhere. */
function isOrigin(text: string | undefined): boolean {
  return (URL.parse(text ?? '')?.pathname ?? '/') === '/';
}

function isHttps(text: string): boolean {
  return URL.parse(text)?.protocol === 'https:';
}

/** Whether an address is on this machine. */
export function isLoopback(text: string | URL): boolean {
  const url = URL.parse(String(text));
  return url?.protocol === 'http:' && /^(127\.\d+\.\d+\.\d+|\[::1\]|localhost)$/.test(url.hostname);
}
