import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addressIn, clientNetworkOf, trustOf, useClientAddress } from './client-address.js';

const trusted = trustOf('loopback,10.0.0.0/8,2001:db8:ffff::/48');

/** What `request.ip` becomes: the peer, unless a trusted proxy named somebody else. */
function clientOf(headers: Record<string, string>, { peer = '127.0.0.1', isTrusted = trusted } = {}): string {
  const message = { headers: { ...headers }, socket: { remoteAddress: peer } } as unknown as IncomingMessage;
  useClientAddress(message, isTrusted);
  return (message.headers['x-forwarded-for'] as string | undefined) ?? peer;
}

describe('an entry of a forwarding header', () => {
  it.each([
    ['203.0.113.9', '203.0.113.9'],
    [' 203.0.113.9:5001 ', '203.0.113.9'],
    ['2001:DB8:0:0::1', '2001:db8::1'],
    ['[2001:db8::1]', '2001:db8::1'],
    ['[2001:db8::1]:443', '2001:db8::1'],
    ['fe80::1%eth0', 'fe80::1'],
    ['[fe80::1%25eth0]:443', 'fe80::1'],
    ['::ffff:203.0.113.9', '203.0.113.9'],
    ['[::FFFF:cb00:7109]:5001', '203.0.113.9'],
  ])('%s is %s', (entry, address) => {
    expect(addressIn(entry)).toBe(address);
  });

  it.each([
    '',
    'unknown',
    '_hidden',
    'localhost:80',
    '203.0.113',
    '203.0.113.9:',
    '203.0.113.9:123456',
    '[::1',
    '::1]',
    '1.2.3.4.5',
    '%eth0',
  ])('“%s” is no address', (entry) => {
    expect(addressIn(entry)).toBeUndefined();
  });

  it('names the same client with any port', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), fc.integer({ min: 0, max: 65_535 }), (ip, port) => {
        const entry = ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`;
        expect(addressIn(entry)).toBe(addressIn(ip));
        expect(clientOf({ 'x-forwarded-for': entry })).toBe(clientOf({ 'x-forwarded-for': ip }));
      }),
    );
  });

  it('counts for a network of IPv6 and for an address of IPv4', () => {
    expect(clientNetworkOf({ ip: '2001:db8:1:1::1' })).toBe(clientNetworkOf({ ip: '2001:db8:1:1:ffff::1' }));
    expect(clientNetworkOf({ ip: '2001:db8:1:1::1' })).not.toBe(clientNetworkOf({ ip: '2001:db8:1:2::1' }));
    expect(clientNetworkOf({ ip: '::ffff:203.0.113.9' })).toBe('203.0.113.9');
    expect(clientNetworkOf({ ip: 'fe80::1%eth0' })).toBe(clientNetworkOf({ ip: 'fe80::1' }));
    // The socket of a client that has left has no address any more.
    expect(clientNetworkOf({ ip: undefined })).toBe('unknown');
  });
});

describe('the client behind proxies', () => {
  const client = '203.0.113.7';

  it.each([
    ['the only entry', client],
    ['the last entry of no proxy', `198.51.100.1, ${client}, 10.0.0.9`],
    ['the last entry, after addresses of the client’s choice with ports', `10.9.9.9, 198.51.100.1:4, ${client}:5001`],
    ['the last entry before proxies with ports', `${client}:1, [2001:db8:ffff::2]:443, 10.0.0.9:2`],
  ])('is %s', (_, list) => {
    expect(clientOf({ 'x-forwarded-for': list })).toBe(client);
  });

  it.each([
    ['no address', 'unknown', '127.0.0.1'],
    ['no address before a proxy', '203.0.113.9, unknown, 10.0.0.9', '10.0.0.9'],
    ['empty', '', '127.0.0.1'],
  ])('is the hop that sent an entry which is %s', (_, list, expected) => {
    expect(clientOf({ 'x-forwarded-for': list })).toBe(expected);
  });

  it('is the peer where no proxy is trusted', () => {
    expect(clientOf({ 'x-forwarded-for': client }, { peer: '198.51.100.2' })).toBe('198.51.100.2');
    expect(clientOf({ forwarded: `for=${client}` }, { peer: '198.51.100.2' })).toBe('198.51.100.2');
  });

  it('is the first one where every sender is trusted', () => {
    const list = `${client}:1, 198.51.100.2, 198.51.100.3`;
    expect(clientOf({ 'x-forwarded-for': list }, { peer: '198.51.100.4', isTrusted: trustOf(true) })).toBe(client);
  });

  it.each([
    [`for=${client}`, client],
    [`For="${client}:5001";proto=https;by=10.0.0.1`, client],
    ['for=198.51.100.1, for="[2001:db8:1::1]:4711";host="a;for=1.2.3.4, for=5.6.7.8"', '2001:db8:1::1'],
    ['for=unknown', '127.0.0.1'],
    ['for=_hidden, for=10.0.0.9', '10.0.0.9'],
    ['proto=https', '127.0.0.1'],
    [`for="${client}`, '127.0.0.1'],
  ])('is read from Forwarded: %s', (forwarded, expected) => {
    expect(clientOf({ forwarded })).toBe(expected);
  });

  it('is the peer when the two headers differ: a client has written one of them', () => {
    expect(clientOf({ 'x-forwarded-for': client, forwarded: `for="${client}:80"` })).toBe(client);
    expect(clientOf({ 'x-forwarded-for': client, forwarded: 'for=198.51.100.1' })).toBe('127.0.0.1');
    expect(clientOf({ 'x-forwarded-for': '198.51.100.1', forwarded: 'for=unknown' })).toBe('127.0.0.1');
  });
});
