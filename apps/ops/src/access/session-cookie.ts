/**
 * The operator's token, kept by the browser: out of reach of scripts, and not sent with anything that another site
 * begins. It ends with the browser's session, and in any case when the token expires.
 */
const name = 'matricula_ops';

/** A browser keeps 4,096 bytes of one cookie, its attributes included. */
export const sessionTokenMax = 3_800;

/** The header that makes a browser keep the token. `secure`: only over HTTPS. */
export function sessionCookie(token: string, secure: boolean): string {
  return `${name}=${token}; Path=/; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}`;
}

/** The header that makes a browser forget the token. */
export function endedSessionCookie(secure: boolean): string {
  return `${sessionCookie('', secure)}; Max-Age=0`;
}

/** The token in a Cookie header, if it holds one. */
export function tokenInCookie(header: string | undefined): string | undefined {
  for (const pair of header?.split(';') ?? []) {
    const [key, value] = pair.split('=', 2);
    if (key?.trim() === name && value) return value.trim();
  }
  return undefined;
}
