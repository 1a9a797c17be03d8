import type { IncomingHttpHeaders } from 'node:http';

/**
 * Whether a page of ours sent this request. A browser says so itself, and no page can make it lie: `Sec-Fetch-Site`
 * where it is sent (every current browser, to trustworthy origins), otherwise `Origin`, which comes with every POST.
 * See OWASP's Cross-Site Request Forgery Prevention Cheat Sheet, "Fetch Metadata headers".
 */
export function isSameOrigin(headers: IncomingHttpHeaders): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin';
  const { origin, host } = headers;
  return origin !== undefined && host !== undefined && URL.canParse(origin) && new URL(origin).host === host;
}
