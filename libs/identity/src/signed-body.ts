import { createHash, type Hash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { type ClaimedSignature, SignatureCheck } from './signature.js';

/** What was read of a body. Nothing of it was parsed. */
export interface ReadBody {
  /** The whole body, or its beginning if it is longer than `keptBytesMax`. */
  readonly beginning: Buffer;
  /** The length of the whole body; null when it is longer than `bytesMax` and the rest was not read. */
  readonly bytes: number | null;
  /** The SHA-256 of a whole body that is longer than `keptBytesMax`; null for others. */
  readonly sha256: Buffer | null;
}

/** How much of a body is kept in memory, and how much of it is read. */
export interface BodyLimits {
  readonly keptBytesMax: number;
  readonly bytesMax: number;
}

/**
 * Reads a body in constant memory. What is beyond `bytesMax` is thrown away, and the connection stays open for the
 * answer.
 * @param alongside gets each chunk as well
 * @throws an error with the status 400 when the sender breaks off
 */
export async function readBody(
  stream: Readable,
  { keptBytesMax, bytesMax }: BodyLimits,
  alongside?: (chunk: Buffer) => void,
): Promise<ReadBody> {
  const kept: Buffer[] = [];
  let bytes = 0;
  let hash: Hash | undefined;
  const isWhole = await read(stream, (chunk) => {
    if (bytes <= keptBytesMax) kept.push(chunk);
    bytes += chunk.length;
    if (bytes > bytesMax) return false;
    alongside?.(chunk);
    if (hash) hash.update(chunk);
    else if (bytes > keptBytesMax) hash = createHash('sha256').update(Buffer.concat(kept));
    return true;
  });
  const beginning = Buffer.concat(kept).subarray(0, keptBytesMax);
  return isWhole ? { beginning, bytes, sha256: hash?.digest() ?? null } : { beginning, bytes: null, sha256: null };
}

/**
 * Reads a body while its signature is verified.
 * @returns the body, whether one of the keys signed all of it, and the position of that key
 * @throws an error with the status 400 when the sender breaks off
 */
export async function readSignedBody(
  stream: Readable,
  claimed: ClaimedSignature,
  keys: readonly Buffer[],
  limits: BodyLimits,
): Promise<ReadBody & { readonly isAuthentic: boolean; readonly signer: number | null }> {
  const check = new SignatureCheck(claimed, keys);
  const body = await readBody(stream, limits, (chunk) => check.update(chunk));
  const signer = body.bytes === null ? null : check.signer();
  return { ...body, isAuthentic: signer !== null, signer };
}

/** Hands each chunk to `take` until that returns false. Resolves to whether the stream was read to its end. */
function read(stream: Readable, take: (chunk: Buffer) => boolean): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const leave = () => {
      stream.off('data', onData).off('end', onEnd).off('close', onClose).off('error', onError);
      // Node reads the next request of the connection once this body was read, or thrown away.
      stream.resume();
    };
    const onData = (chunk: Buffer) => {
      if (take(chunk)) return;
      leave();
      resolve(false);
    };
    const onEnd = () => {
      leave();
      resolve(true);
    };
    const onError = (error: Error) => {
      leave();
      reject(Object.assign(error, { statusCode: 400 }));
    };
    const onClose = () => onError(new Error('The sender broke off.'));
    stream.on('data', onData).on('end', onEnd).on('close', onClose).on('error', onError);
  });
}
