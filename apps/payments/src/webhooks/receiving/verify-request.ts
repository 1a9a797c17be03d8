import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import { isPlausible } from '#identity/signature.js';
import { type ReadBody, readSignedBody } from '#identity/signed-body.js';
import type { Clock } from '#kernel/clock.js';
import { Refusal } from '#kernel/refusal.js';
import type { RawRequest, WebhookProvider } from '../domain/provider.js';
import type { Rejections } from '../rejecting/rejections.js';

/** A provider with the keys that its notifications may be signed with. */
export interface ConfiguredProvider {
  readonly provider: WebhookProvider;
  readonly keys: readonly Buffer[];
}

/** A request whose body was not read yet. */
export interface IncomingRequest {
  readonly headers: IncomingHttpHeaders;
  readonly body: Readable;
  /** The address of the sender: of a network, where it is IPv6. */
  readonly address: string;
}

/** An authentic request, with its provider and the headers that are kept with it, as JSON. */
export interface VerifiedRequest {
  readonly provider: WebhookProvider;
  readonly keptHeaders: string;
  readonly request: RawRequest;
}

/** A notification has a few kilobytes. A larger one is not applied; up to `bytesMax` its signature is verified. */
export const bodyLimits = { keptBytesMax: 64 * 1_024, bytesMax: 1_024 * 1_024 };

/**
 * Verifies a request before anything of it is parsed. A request that cannot be authentic is refused before its body is
 * read: its provider has no secret here, or its headers have no plausible signature.
 */
export class VerifyRequest {
  private readonly providers: ReadonlyMap<string, ConfiguredProvider>;

  constructor(
    configured: readonly ConfiguredProvider[],
    private readonly rejections: Rejections,
    private readonly clock: Clock,
  ) {
    this.providers = new Map(configured.map((one) => [one.provider.name, one]));
  }

  /** @throws Refusal WEBHOOK_PROVIDER_UNKNOWN, SIGNATURE_INVALID, BODY_TOO_LARGE, RATE_LIMITED */
  async execute(name: string, { headers, body, address }: IncomingRequest): Promise<VerifiedRequest> {
    const configured = this.providers.get(name);
    if (!configured) {
      await this.rejections.keepUnread(
        { provider: 'unknown', reason: 'PROVIDER_UNKNOWN', headers: '{}', address },
        body,
      );
      throw new Refusal('WEBHOOK_PROVIDER_UNKNOWN', 'There is no such provider here.');
    }
    const { provider, keys } = configured;
    const keptHeaders = keptHeadersOf(provider, headers);
    const rejected = { provider: name, headers: keptHeaders, address };
    const claimed = provider.signatureOf(headers);
    const declaredBytes = Number(headers['content-length'] ?? 0);
    const isPossible = claimed !== undefined && isPlausible(claimed, this.clock.now());
    if (!isPossible || declaredBytes > bodyLimits.bytesMax) {
      const isTooLarge = declaredBytes > bodyLimits.keptBytesMax;
      await this.rejections.keepUnread({ ...rejected, reason: reasonOf(isTooLarge) }, body);
      throw isTooLarge ? tooLarge() : signatureInvalid();
    }
    const read = await readSignedBody(body, claimed, keys, bodyLimits);
    await this.assertAcceptable(rejected, read);
    return { provider, keptHeaders, request: { headers, body: read.beginning } };
  }

  private async assertAcceptable(
    rejected: { provider: string; headers: string; address: string },
    read: ReadBody & { isAuthentic: boolean },
  ): Promise<void> {
    const { beginning, bytes, sha256, isAuthentic } = read;
    const isTooLarge = bytes === null || bytes > bodyLimits.keptBytesMax;
    if (isAuthentic && !isTooLarge) return;
    if (isAuthentic) {
      await this.rejections.quarantineTooLarge({ ...rejected, body: beginning, bodyBytes: bytes, bodySha256: sha256 });
      throw tooLarge();
    }
    await this.rejections.keep({ ...rejected, reason: reasonOf(isTooLarge) }, read);
    throw isTooLarge ? tooLarge() : signatureInvalid();
  }
}

function keptHeadersOf({ headers: names }: WebhookProvider, headers: IncomingHttpHeaders): string {
  return JSON.stringify(Object.fromEntries(names.map((name) => [name, headers[name]])));
}

function reasonOf(isTooLarge: boolean): string {
  return isTooLarge ? 'BODY_TOO_LARGE' : 'SIGNATURE_INVALID';
}

function signatureInvalid(): Refusal {
  return new Refusal('SIGNATURE_INVALID', 'The signature is missing, wrong, or more than 5 minutes off.');
}

function tooLarge(): Refusal {
  return new Refusal('BODY_TOO_LARGE', 'A notification has at most 64 KiB.');
}
