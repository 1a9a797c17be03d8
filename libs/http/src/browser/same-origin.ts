import type { IncomingHttpHeaders } from 'node:http';

/**
 * Whether a page of this server sent the request. The browser sets the headers, and no page can change them:
 * `Sec-Fetch-Site` (every current browser, to trustworthy origins), otherwise `Origin`, which every POST has.
 * See OWASP's Cross-Site Request Forgery Prevention Cheat Sheet, "Fetch Metadata headers".
 */
export function isSameOrigin(headers: IncomingHttpHeaders): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin';
  const { origin, host } = headers;
  return origin !== undefined && host !== undefined && URL.canParse(origin) && new URL(origin).host === host;
}
