import dns from 'node:dns/promises';
import { isIP } from 'node:net';
import type { Instance } from '../ops.config.js';

/** An instance, and what tells it from the others: its address stays the same when its name gets more of them. */
export interface Located extends Instance {
  readonly address: string;
}

/**
 * The instances behind an entry of SERVICE_URLS at this moment: one for each address of its name, as a headless Service
 * of Kubernetes has one for each pod. Of one family only, because an instance may have an address of each. What is
 * behind TLS is one instance: its certificate is for the name.
 * @throws what `dns.lookup` throws when the name has no address
 */
export async function locate({ service, url }: Instance): Promise<Located[]> {
  const { protocol, hostname } = new URL(url);
  if (protocol !== 'http:' || hostname === 'localhost' || isIP(hostname.replace(/^\[|\]$/g, ''))) {
    return [{ service, url, address: url }];
  }
  const found = await dns.lookup(hostname, { all: true });
  const family = Math.min(...found.map((each) => each.family));
  const addresses = [...new Set(found.filter((each) => each.family === family).map(({ address }) => address))].sort();
  return addresses.map((each) => {
    const direct = new URL(url);
    direct.hostname = family === 6 ? `[${each}]` : each;
    const address = direct.href.replace(/\/+$/, '');
    // Asked by its name as long as that is clear: a proxy may go by it.
    return { service, url: addresses.length === 1 ? url : address, address };
  });
}
