import { isIP } from 'node:net';
import { z } from 'zod';

/** Networks that have a name: 127.0.0.0/8 and ::1, 169.254.0.0/16 and fe80::/10, those of RFC 1918 and fc00::/7. */
const names: ReadonlySet<string> = new Set(['loopback', 'linklocal', 'uniquelocal']);

/**
 * `TRUST_PROXY`: whose `X-Forwarded-For` is believed. Of `false` nobody's. Of addresses and networks, by commas,
 * theirs: a client's address is the last one in the header that is none of them, so that what a client writes there
 * itself counts for nothing. Of `true` everybody's: then it is the first one, which a client can choose unless the
 * proxy overwrites the header.
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
  // A network of everybody says what `true` says, and not that it does.
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) >= 1 && Number(bits) <= bitsMax);
}
