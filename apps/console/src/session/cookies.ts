import { cookieIn, cookieValueMax } from '#http/browser/cookies.js';
import { Refusal } from '#kernel/refusal.js';

/**
 * A cookie of this server. Scripts cannot read it. SameSite=Lax: a browser sends it along when the provider leads back
 * here, and with no request that another site makes. Over https its name begins with `__Host-`, so that no neighbouring
 * host can set it (RFC 6265bis §4.1.3.2); browsers accept such a name only with Secure, which not all of them do at
 * `http://localhost`.
 */
export class ServerCookie {
  private readonly name: string;
  private readonly attributes: string;

  constructor(name: string, publicUrl: URL) {
    const isSecure = publicUrl.protocol === 'https:';
    this.name = isSecure ? `__Host-${name}` : name;
    this.attributes = `Path=/; HttpOnly; SameSite=Lax${isSecure ? '; Secure' : ''}`;
  }

  in(header: string | undefined): string | undefined {
    return cookieIn(header, this.name);
  }

  /**
   * The Set-Cookie header. The cookie ends with the browser's session, or after `maxAgeSeconds`.
   * @throws Refusal SESSION_TOO_LARGE
   */
  set(value: string, maxAgeSeconds?: number): string {
    if (value.length > cookieValueMax) {
      const message = 'The tokens of your account are too large for a cookie. Fewer roles or groups make them smaller.';
      throw new Refusal('SESSION_TOO_LARGE', message, { characters: value.length, max: cookieValueMax });
    }
    const age = maxAgeSeconds === undefined ? '' : `; Max-Age=${maxAgeSeconds}`;
    return `${this.name}=${value}; ${this.attributes}${age}`;
  }

  /** The Set-Cookie header that removes it. */
  get removed(): string {
    return `${this.name}=; ${this.attributes}; Max-Age=0`;
  }
}
