import type { IncomingHttpHeaders } from 'node:http';
import { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { type ClaimedSignature, isPlausible } from '#identity/signature.js';
import { readSignedBody } from '#identity/signed-body.js';
import { standardSignature } from '#identity/standard-webhook.js';
import { Clock } from '#kernel/clock.js';
import { idFrom } from '#kernel/ids.js';
import { Refusal } from '#kernel/refusal.js';
import { GatewaySettings } from '../../gateway.config.js';

/** A body that was verified, as the parser reads it: Fastify compares the length with that of the request. */
type VerifiedBody = Readable & { receivedEncodedLength: number };

/** Whether a request claims to be signed: it has a signature, and no token. */
export function claimsSignature(headers: IncomingHttpHeaders): boolean {
  return headers['webhook-signature'] !== undefined && headers.authorization === undefined;
}

/**
 * Verifies the signature of a request that has no token, before anything of its body is parsed. A request that cannot
 * be authentic is refused before its body is read.
 */
@Injectable()
export class SignedRequests {
  constructor(
    private readonly settings: GatewaySettings,
    private readonly clock: Clock,
  ) {}

  /** @throws Refusal SIGNATURE_INVALID when no sender is configured, or the headers have no plausible signature */
  assertPlausible(headers: IncomingHttpHeaders): void {
    this.claimedBy(headers);
  }

  /**
   * Reads and verifies the body, and returns it for the parser. The signed `webhook-id` becomes the command id of its
   * sender, for every route: another message of the sender with the same id is refused.
   * @throws Refusal SIGNATURE_INVALID, BODY_TOO_LARGE
   */
  async verify(request: FastifyRequest, payload: Readable): Promise<VerifiedBody> {
    const { headers, routeOptions } = request;
    const claimed = this.claimedBy(headers);
    const bytesMax = routeOptions.bodyLimit;
    if (Number(headers['content-length'] ?? 0) > bytesMax) throw tooLarge(bytesMax);
    const limits = { keptBytesMax: bytesMax, bytesMax };
    const { conversionKeys } = this.settings;
    const keys = conversionKeys.map(({ key }) => key);
    const { beginning, bytes, signer } = await readSignedBody(payload, claimed, keys, limits);
    if (bytes === null) throw tooLarge(bytesMax);
    const sender = signer === null ? undefined : conversionKeys[signer]?.sender;
    if (sender === undefined) throw signatureInvalid();
    request.sender = sender;
    request.command = { id: idFrom('signed', sender, headers['webhook-id'] as string) };
    return Object.assign(Readable.from([beginning]), { receivedEncodedLength: bytes });
  }

  private claimedBy(headers: IncomingHttpHeaders): ClaimedSignature {
    const claimed = this.settings.conversionKeys.length > 0 ? standardSignature(headers) : undefined;
    if (!claimed || !isPlausible(claimed, this.clock.now())) throw signatureInvalid();
    return claimed;
  }
}

function signatureInvalid(): Refusal {
  return new Refusal(
    'SIGNATURE_INVALID',
    'The signature does not match this body, or its timestamp is more than 5 minutes off.',
  );
}

function tooLarge(bytesMax: number): Refusal {
  return new Refusal('BODY_TOO_LARGE', `The body is larger than ${bytesMax} bytes.`);
}
