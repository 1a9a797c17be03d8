import { isIP } from 'node:net';
import { z } from 'zod';

/** Named networks: 127.0.0.0/8 and ::1, 169.254.0.0/16 and fe80::/10, the networks of RFC 1918 and fc00::/7. */
const names: ReadonlySet<string> = new Set(['loopback', 'linklocal', 'uniquelocal']);

/**
 * The variable `TRUST_PROXY`: which proxies' `X-Forwarded-For` is trusted.
 * - `false`: none.
 * - Addresses and networks, separated by commas: these. The client's address is the last one in the header that is not
 *   a
 *   proxy's, so a client cannot choose it.
 * - `true`: all. The client's address is the first one, which a client can choose unless the proxy overwrites the
 *   header.
 */
export const trustedProxies = z
  .string()
  .default('false')
  .transform((text, context): boolean | string => {
    const flag = z.stringbool().safeParse(text);
    if (flag.success) return flag.data;
    const proxies = text.split(',').map((proxy) => proxy.trim());
    for (const proxy of proxies.filter((one) => !isNetwork(one))) {
      context.addIssue(
        `"${proxy}" is no address, no network such as 10.0.0.0/8, and none of true, false, ${[...names].join(', ')}`,
      );
    }
    return proxies.join(',');
  });

function isNetwork(text: string): boolean {
  if (names.has(text)) return true;
  const [address = '', bits, ...rest] = text.split('/');
  const bitsMax = { 4: 32, 6: 128 }[isIP(address)];
  if (bitsMax === undefined || rest.length > 0) return false;
  // A network of zero bits would contain every address: it must be written as `true`.
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) >= 1 && Number(bits) <= bitsMax);
}
