import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider, { type Configuration, type KoaContextWithOIDC } from 'oidc-provider';
import type { Account } from './people.ts';
import { serveSignInPage } from './sign-in-page.ts';

/** What the local provider is started with. */
export interface OpenidSettings {
  readonly issuer: string;
  /** The audience of its access tokens. */
  readonly audience: string;
  /** The private key that signs them, with `kid` and `alg`. */
  readonly key: Readonly<Record<string, unknown>>;
  readonly client: {
    readonly id: string;
    readonly secret: string;
    readonly redirectUris: readonly string[];
    readonly postLogoutRedirectUris: readonly string[];
  };
  /** How long an access token is valid. */
  readonly tokenSeconds: number;
}

export interface RunningProvider {
  readonly server: Server;
  /** Those who have signed in, by their subject. */
  readonly accounts: Map<string, Account>;
  close(): Promise<void>;
}

const day = 86_400;
/** What access tokens are for. The name stays inside this provider: tokens have the audience of the settings. */
const resource = 'urn:matricula:api';

/**
 * A real OpenID provider for this machine: any button signs in as somebody of that role, and nobody has a password.
 * It keeps everything in memory. Each access token is a JWT that the gateway accepts by its ordinary settings.
 */
export async function startProvider(settings: OpenidSettings, port: number): Promise<RunningProvider> {
  const accounts = new Map<string, Account>();
  const provider = new Provider(settings.issuer, configurationOf(settings, accounts));
  serveSignInPage(provider, accounts);
  const server = createServer(provider.callback());
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen({ host: '127.0.0.1', port }, resolve);
  });
  const close = () => {
    server.closeAllConnections();
    return new Promise<void>((resolve) => server.close(() => resolve()));
  };
  return { server, accounts, close };
}

/** Where a server listens. */
export function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

function configurationOf(settings: OpenidSettings, accounts: ReadonlyMap<string, Account>): Configuration {
  const { audience, key, client, tokenSeconds } = settings;
  return {
    jwks: { keys: [key as never] },
    clients: [
      {
        client_id: client.id,
        client_secret: client.secret,
        redirect_uris: [...client.redirectUris],
        post_logout_redirect_uris: [...client.postLogoutRedirectUris],
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        id_token_signed_response_alg: 'EdDSA',
      },
    ],
    clientDefaults: { id_token_signed_response_alg: 'EdDSA' },
    scopes: ['openid', 'profile', 'email', 'offline_access'],
    claims: { openid: ['sub'], profile: ['name'], email: ['email', 'email_verified'] },
    // An access token for an API is none for the userinfo endpoint, so the ID token has the claims.
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    findAccount: (_, subject) => {
      const account = accounts.get(subject);
      return account && { accountId: subject, claims: () => claimsOf(account) };
    },
    extraTokenClaims: (_, token) => {
      const account = 'accountId' in token ? accounts.get(String(token.accountId)) : undefined;
      return account && { role: account.role, ...claimsOf(account) };
    },
    issueRefreshToken: () => true,
    // As most providers do for browsers: a refresh token is valid once.
    rotateRefreshToken: () => true,
    // Nobody is asked to consent to their own machine.
    loadExistingGrant: async (context) => grantAll(context),
    interactions: { url: (_, { uid }) => `/sign-in/${uid}` },
    cookies: { keys: [createHash('sha256').update(client.secret).digest('hex')] },
    ttl: {
      AccessToken: tokenSeconds,
      AuthorizationCode: 60,
      IdToken: 600,
      RefreshToken: day,
      Grant: day,
      Session: day,
    },
    features: {
      devInteractions: { enabled: false },
      userinfo: { enabled: false },
      revocation: { enabled: true },
      rpInitiatedLogout: { enabled: true, logoutSource: signOutAtOnce, postLogoutSuccessSource: signedOut },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => resource,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          scope: '',
          audience,
          accessTokenFormat: 'jwt',
          accessTokenTTL: tokenSeconds,
          jwt: { sign: { alg: 'EdDSA' } },
        }),
      },
    },
  };
}

function claimsOf({ subject, name, email }: Account) {
  return { sub: subject, name, email, email_verified: true };
}

async function grantAll({ oidc }: KoaContextWithOIDC) {
  const grant = new oidc.provider.Grant({ clientId: oidc.client?.clientId, accountId: oidc.session?.accountId });
  grant.addOIDCScope('openid profile email offline_access');
  await grant.save();
  return grant;
}

async function signOutAtOnce(context: KoaContextWithOIDC, form: string): Promise<void> {
  context.body = `<!doctype html><html lang="en"><title>Signing out</title><body>${form}
<button form="op.logoutForm" name="logout" value="yes" autofocus>Sign out</button>
<script>document.querySelector('button').click()</script></body></html>`;
}

async function signedOut(context: KoaContextWithOIDC): Promise<void> {
  context.body = '<!doctype html><html lang="en"><title>Signed out</title><p>You are signed out.</p></html>';
}
