import dns from 'node:dns/promises';
import { isIP } from 'node:net';
import type { Instance } from '../ops.config.js';

/** An instance with its own address, which identifies it also when its name gets more addresses. */
export interface Located extends Instance {
  readonly address: string;
}

/**
 * The instances of an entry of SERVICE_URLS: one for each address of its host name, as a headless Service of Kubernetes
 * has one for each pod. Only addresses of one family count, because an instance may have an address of each family. An
 * `https:` URL is one instance, because its certificate is for the name.
 * @throws the error of `dns.lookup` when the name has no address
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
    // A name with one address is requested by the name, because a proxy may route by it.
    return { service, url: addresses.length === 1 ? url : address, address };
  });
}
