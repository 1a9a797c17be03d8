import { cookieIn } from '#http/browser/cookies.js';

/**
 * The cookie with the operator's token. Scripts cannot read it, and a browser does not send it with requests of another
 * site. It ends with the browser's session, or when the token expires.
 */
const name = 'matricula_ops';

/** The Set-Cookie header that stores the token. `secure`: only over HTTPS. */
export function sessionCookie(token: string, secure: boolean): string {
  return `${name}=${token}; Path=/; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}`;
}

/** The Set-Cookie header that removes the token. */
export function endedSessionCookie(secure: boolean): string {
  return `${sessionCookie('', secure)}; Max-Age=0`;
}

/** The token in a Cookie header, if it holds one. */
export function tokenInCookie(header: string | undefined): string | undefined {
  return cookieIn(header, name);
}
