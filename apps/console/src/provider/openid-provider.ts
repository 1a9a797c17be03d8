import { Injectable } from '@nestjs/common';
import * as oauth from 'oauth4webapi';
import { Clock } from '#kernel/clock.js';
import { Refusal } from '#kernel/refusal.js';
import { ConsoleSettings, isLoopback } from '../console.config.js';

/** The provider does not answer, or not as a provider does. A repeat may succeed: 503. */
export class ProviderUnavailable extends Error {
  override readonly name = 'ProviderUnavailable';
}

/** What the provider gives for a code or a refresh token. */
export interface Tokens {
  readonly accessToken: string;
  /** Undefined where the provider gives none: the session ends with its access token. */
  readonly refreshToken: string | undefined;
  /** Claims of the ID token, such as `name`; empty where a renewal brought none. */
  readonly claims: Readonly<Record<string, unknown>>;
}

/** What binds an answer of the provider to the browser that was sent there (RFC 6749 §10.12, RFC 7636). */
export interface Binding {
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
}

const answerWithinMs = 5_000;
/** Endpoints of a provider change rarely; keys are read by the verifier of tokens. */
const discoveredForMs = 3_600_000;

/** Code flow with PKCE (RFC 6749, RFC 7636) at the provider that the settings name. */
@Injectable()
export class OpenidProvider {
  private readonly client: oauth.Client;
  private readonly authentication: oauth.ClientAuth;
  /** `http:` is only accepted for a provider on this machine. */
  private readonly allowsHttp: boolean;
  private discovered: { readonly server: oauth.AuthorizationServer; readonly atMs: number } | undefined;

  constructor(
    private readonly settings: ConsoleSettings,
    private readonly clock: Clock,
  ) {
    const { clientId, clientSecret, issuer } = settings.provider;
    this.client = { client_id: clientId, [oauth.clockTolerance]: 60 };
    this.authentication = clientSecret === undefined ? oauth.None() : oauth.ClientSecretBasic(clientSecret);
    this.allowsHttp = isLoopback(issuer);
  }

  /** Where to send a browser, and what its way back must fit. @throws ProviderUnavailable */
  async begin(): Promise<{ readonly url: URL; readonly binding: Binding }> {
    const binding = {
      state: oauth.generateRandomState(),
      nonce: oauth.generateRandomNonce(),
      codeVerifier: oauth.generateRandomCodeVerifier(),
    };
    const { authorization_endpoint: endpoint } = await this.server();
    if (endpoint === undefined) throw new ProviderUnavailable('The provider names no authorization endpoint');
    const url = new URL(endpoint);
    for (const [name, value] of this.settings.provider.parameters) url.searchParams.append(name, value);
    const parameters = {
      client_id: this.client.client_id,
      redirect_uri: this.callbackUrl,
      response_type: 'code',
      scope: this.settings.provider.scope,
      state: binding.state,
      nonce: binding.nonce,
      code_challenge: await oauth.calculatePKCECodeChallenge(binding.codeVerifier),
      code_challenge_method: 'S256',
    };
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
    return { url, binding };
  }

  /**
   * The tokens for the code in `answer`, the query of the callback.
   * @throws Refusal SIGN_IN_DENIED when the provider refuses, SIGN_IN_BROKEN when the answer does not fit the binding
   * @throws ProviderUnavailable
   */
  async finish(answer: URLSearchParams, binding: Binding): Promise<Tokens> {
    const server = await this.server();
    try {
      const parameters = oauth.validateAuthResponse(server, this.client, answer, binding.state);
      const response = await oauth.authorizationCodeGrantRequest(
        server,
        this.client,
        this.authentication,
        parameters,
        this.callbackUrl,
        binding.codeVerifier,
        this.options(),
      );
      const tokens = await oauth.processAuthorizationCodeResponse(server, this.client, response, {
        expectedNonce: binding.nonce,
        requireIdToken: true,
      });
      return tokensOf(tokens);
    } catch (error) {
      throw failureOf(error);
    }
  }

  /**
   * New tokens for a refresh token. A provider may give a new refresh token with them, and refuse the old one then.
   * @throws Refusal SESSION_ENDED when the provider refuses
   * @throws ProviderUnavailable
   */
  async renew(refreshToken: string): Promise<Tokens> {
    const server = await this.server();
    try {
      const response = await oauth.refreshTokenGrantRequest(
        server,
        this.client,
        this.authentication,
        refreshToken,
        this.options(),
      );
      const tokens = tokensOf(await oauth.processRefreshTokenResponse(server, this.client, response));
      return { ...tokens, refreshToken: tokens.refreshToken ?? refreshToken };
    } catch (error) {
      const isRefused = error instanceof oauth.ResponseBodyError && error.error === 'invalid_grant';
      throw isRefused ? new Refusal('SESSION_ENDED', 'Your session has ended. Sign in again.') : unavailable(error);
    }
  }

  /**
   * Revokes a refresh token, and with it what it was given for (RFC 7009), where the provider can.
   * @returns where to send the browser, so that the provider ends its own session too; undefined where it has no place
   */
  async end(refreshToken: string | undefined): Promise<URL | undefined> {
    const server = await this.server();
    if (refreshToken !== undefined && server.revocation_endpoint !== undefined) {
      try {
        const revoked = oauth.revocationRequest(server, this.client, this.authentication, refreshToken, this.options());
        await oauth.processRevocationResponse(await revoked);
      } catch (error) {
        throw unavailable(error);
      }
    }
    if (server.end_session_endpoint === undefined) return undefined;
    // OpenID Connect RP-Initiated Logout 1.0 §2.
    const url = new URL(server.end_session_endpoint);
    url.searchParams.set('client_id', this.client.client_id);
    url.searchParams.set('post_logout_redirect_uri', this.settings.publicUrl.href);
    return url;
  }

  /** Resolves while the provider can be discovered. @throws ProviderUnavailable */
  async ping(): Promise<void> {
    await this.server();
  }

  private get callbackUrl(): string {
    return new URL('/auth/callback', this.settings.publicUrl).href;
  }

  private async server(): Promise<oauth.AuthorizationServer> {
    const nowMs = this.clock.now().epochMilliseconds;
    if (this.discovered && nowMs - this.discovered.atMs < discoveredForMs) return this.discovered.server;
    const { issuer } = this.settings.provider;
    try {
      const server = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, this.options()));
      this.discovered = { server, atMs: nowMs };
      return server;
    } catch (error) {
      throw new ProviderUnavailable(`The OpenID provider ${issuer.href} cannot be discovered`, { cause: error });
    }
  }

  private options() {
    return { [oauth.allowInsecureRequests]: this.allowsHttp, signal: () => AbortSignal.timeout(answerWithinMs) };
  }
}

function tokensOf(tokens: oauth.TokenEndpointResponse): Tokens {
  return {
    accessToken: tokens.access_token,
    refreshToken: tokens.refresh_token,
    claims: { ...oauth.getValidatedIdTokenClaims(tokens) },
  };
}

/** Why a sign-in failed. Only what the person or their browser did is a refusal. */
function failureOf(error: unknown): Error {
  if (error instanceof oauth.AuthorizationResponseError) {
    return new Refusal('SIGN_IN_DENIED', 'The sign-in was not completed at the provider.', { reason: error.error });
  }
  if (error instanceof oauth.ResponseBodyError && error.error === 'invalid_grant') {
    return new Refusal('SIGN_IN_BROKEN', 'The provider does not accept this sign-in any more.');
  }
  if (error instanceof oauth.OperationProcessingError && !notOauth.has(error.code ?? '')) {
    return new Refusal('SIGN_IN_BROKEN', 'The answer of the provider does not fit this sign-in.');
  }
  return unavailable(error);
}

/** The provider, or something before it, answered with something else than OAuth. */
const notOauth: ReadonlySet<string> = new Set([
  oauth.RESPONSE_IS_NOT_JSON,
  oauth.RESPONSE_IS_NOT_CONFORM,
  oauth.PARSE_ERROR,
]);

function unavailable(cause: unknown): ProviderUnavailable {
  return new ProviderUnavailable('The OpenID provider did not answer as expected', { cause });
}
