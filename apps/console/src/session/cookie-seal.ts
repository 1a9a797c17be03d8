import { createHash } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { Injectable } from '@nestjs/common';
import { CompactEncrypt, compactDecrypt, errors } from 'jose';
import { ConsoleSettings } from '../console.config.js';

/** What a sealed text is for. A text for one purpose does not open for the other. */
export type Purpose = 'session' | 'sign-in';

/**
 * Seals what a browser keeps for this server: nobody else reads or alters it (JWE, RFC 7516, AES-256-GCM with a key of
 * the settings). Tokens are base64 already, so compressing them first makes up for the base64 of the JWE.
 */
@Injectable()
export class CookieSeal {
  private readonly sealing: string;
  private readonly keys: ReadonlyMap<string, Buffer>;

  constructor({ sessionKeys }: ConsoleSettings) {
    this.sealing = keyIdOf(sessionKeys[0]);
    this.keys = new Map(sessionKeys.map((key) => [keyIdOf(key), key]));
  }

  seal(purpose: Purpose, value: unknown): Promise<string> {
    return new CompactEncrypt(deflateRawSync(JSON.stringify(value)))
      .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid: this.sealing, typ: purpose })
      .encrypt(this.keys.get(this.sealing) as Buffer);
  }

  /** What was sealed; undefined for a text that was not sealed here, for this purpose and by a key still in use. */
  async open(purpose: Purpose, text: string): Promise<unknown> {
    try {
      const keyOf = ({ kid = '' }: { kid?: string }) => {
        const key = this.keys.get(kid);
        if (!key) throw new errors.JWEDecryptionFailed();
        return key;
      };
      const { plaintext, protectedHeader } = await compactDecrypt(text, keyOf, {
        keyManagementAlgorithms: ['dir'],
        contentEncryptionAlgorithms: ['A256GCM'],
      });
      return protectedHeader.typ === purpose ? JSON.parse(inflateRawSync(plaintext).toString()) : undefined;
    } catch (error) {
      if (error instanceof errors.JOSEError) return undefined;
      throw error;
    }
  }
}

/** Names a key without giving it away. */
function keyIdOf(key: Buffer): string {
  return createHash('sha256').update('matricula console key id').update(key).digest('base64url').slice(0, 8);
}
