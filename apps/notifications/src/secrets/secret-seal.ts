import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { CompactEncrypt, compactDecrypt } from 'jose';
import { assert } from '#kernel/assert.js';
import { NotificationsSettings } from '../notifications.config.js';

/** Standard Webhooks asks for 24 to 64 bytes. */
const secretBytes = 32;
/** The algorithms of `seal`. */
const algorithms = { keyManagementAlgorithms: ['dir'], contentEncryptionAlgorithms: ['A256GCM'] };

/** Seals the secrets of endpoints for the database (JWE, RFC 7516, AES-256-GCM with a key of the settings). */
@Injectable()
export class SecretSeal {
  private readonly sealing: string;
  private readonly keys: ReadonlyMap<string, Buffer>;

  constructor({ secretKeys }: NotificationsSettings) {
    this.sealing = keyIdOf(secretKeys[0]);
    this.keys = new Map(secretKeys.map((key) => [keyIdOf(key), key]));
  }

  /** A new secret, as Standard Webhooks writes it. */
  newSecret(): string {
    return `whsec_${randomBytes(secretBytes).toString('base64')}`;
  }

  seal(secret: string): Promise<string> {
    return new CompactEncrypt(Buffer.from(secret))
      .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid: this.sealing })
      .encrypt(this.keyOf(this.sealing));
  }

  /** @throws BrokenInvariant when no key of the settings has sealed it */
  async open(sealed: string): Promise<string> {
    const { plaintext } = await compactDecrypt(sealed, ({ kid = '' }) => this.keyOf(kid), algorithms);
    return Buffer.from(plaintext).toString();
  }

  private keyOf(id: string): Buffer {
    const key = this.keys.get(id);
    assert(key, `a key of WEBHOOK_SECRET_KEYS has the id ${id}`);
    return key;
  }
}

/** Names a key without showing anything of it. */
function keyIdOf(key: Buffer): string {
  return createHash('sha256').update(key).digest('base64url').slice(0, 8);
}
