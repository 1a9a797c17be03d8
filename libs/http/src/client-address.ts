import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';
import { normalizeIP } from '@fastify/rate-limit';
import { splitUnquoted, unquoted } from './header-lists.js';

/** The networks behind the names that `TRUST_PROXY` accepts. */
const namedNetworks: Readonly<Record<string, readonly string[]>> = {
  loopback: ['127.0.0.0/8', '::1/128'],
  linklocal: ['169.254.0.0/16', 'fe80::/10'],
  uniquelocal: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'],
};

/** A household or a site of IPv6 has a network of this length, not an address. */
const networkBits = 64;

/**
 * The IP address in one entry of `X-Forwarded-For` or `Forwarded`, without port, brackets and zone; undefined for
 * anything else. An IPv4 address that is mapped into IPv6 is that IPv4 address.
 */
export function addressIn(entry: string): string | undefined {
  const text = entry.trim();
  const [, bracketed] = /^\[([^\]]*)\](?::\d{1,5})?$/.exec(text) ?? [];
  const [, beforePort] = /^([^:]*):\d{1,5}$/.exec(text) ?? [];
  const [address = ''] = (bracketed ?? beforePort ?? text).split('%', 1);
  return isIP(address) === 0 ? undefined : normalizeIP(address, 128);
}

/**
 * Where limits by address count a request: the address of the client, or its network for IPv6. It is the same for every
 * connection, port and notation. A client that has left has no address.
 */
export function clientNetworkOf({ ip }: { readonly ip: string | undefined }): string {
  const address = addressIn(ip ?? '');
  return address === undefined ? 'unknown' : normalizeIP(address, networkBits);
}

/** Whether an address belongs to a trusted proxy. */
type Trust = (address: string) => boolean;

/** The trust that `trustedProxies` has read from `TRUST_PROXY`. */
export function trustOf(trustProxy: boolean | string): Trust {
  if (typeof trustProxy === 'boolean') return () => trustProxy;
  const networks = new BlockList();
  for (const network of trustProxy.split(',').flatMap((name) => namedNetworks[name] ?? name)) {
    const [address = '', bits] = network.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    networks.addSubnet(address, bits === undefined ? (family === 'ipv6' ? 128 : 32) : Number(bits), family);
  }
  return (address) => networks.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}

/**
 * Replaces the headers in which proxies report the client by one address, which is Fastify's `request.ip` from then on.
 * The address is the last one that is not a trusted proxy's. An entry that is no address ends the way back: the hop
 * that sent it counts. Where `X-Forwarded-For` and `Forwarded` differ, the peer counts, because a client wrote one.
 */
export function useClientAddress({ headers, socket }: IncomingMessage, isTrusted: Trust): void {
  const { 'x-forwarded-for': listed, forwarded } = headers;
  if (listed === undefined && forwarded === undefined) return;
  const peer = addressIn(socket.remoteAddress ?? '');
  delete headers['x-forwarded-for'];
  if (peer === undefined || !isTrusted(peer)) return;
  const ways = [
    ...(listed === undefined ? [] : [[listed].flat().join(',').split(',')]),
    ...(forwarded === undefined ? [] : [hopsOfForwarded(forwarded)]),
  ];
  const [client, ...others] = new Set(ways.map((hops) => firstStranger(hops, peer, isTrusted)));
  if (client !== undefined && others.length === 0) headers['x-forwarded-for'] = client;
}

/** The first address on the way back from the peer that is not a trusted proxy's. */
function firstStranger(hops: readonly string[], peer: string, isTrusted: Trust): string {
  let client = peer;
  for (const hop of hops.toReversed()) {
    const address = isTrusted(client) ? addressIn(hop) : undefined;
    if (address === undefined) break;
    client = address;
  }
  return client;
}

/** The `for` of each hop (RFC 7239), in the order of the header; empty for a hop that has none. */
function hopsOfForwarded(header: string): string[] {
  return splitUnquoted(header, ',').map((element) => {
    const pairs = splitUnquoted(element, ';').map((pair) => pair.trim());
    const named = pairs.find((pair) => /^for=/i.test(pair));
    return unquoted(named?.slice('for='.length) ?? '');
  });
}
