import ipaddr from 'ipaddr.js';

/** Global unicast (RFC 4291): addresses outside of it are local, or carry an IPv4 address. */
const globalUnicast: [ipaddr.IPv6, number] = [ipaddr.IPv6.parse('2000::'), 3];

/**
 * Whether webhooks may be delivered to this address: a public one, or one in `privateNetworks`. Loopback, link-local
 * (with the metadata services of clouds), private, carrier-grade NAT, multicast, reserved, and IPv6 that carries an
 * IPv4 address are not public. An IPv4 address that is written as IPv6 (`::ffff:…`) is checked as what it is.
 */
export function isAllowedAddress(text: string, privateNetworks: readonly string[]): boolean {
  if (!ipaddr.isValid(text)) return false;
  const address = ipaddr.process(text);
  if (privateNetworks.some((network) => isWithin(address, network))) return true;
  if (address.range() !== 'unicast') return false;
  return address instanceof ipaddr.IPv4 || address.match(globalUnicast);
}

function isWithin(address: ipaddr.IPv4 | ipaddr.IPv6, network: string): boolean {
  const [base, bits] = ipaddr.parseCIDR(network);
  return base.kind() === address.kind() && address.match([base, bits] as never);
}
