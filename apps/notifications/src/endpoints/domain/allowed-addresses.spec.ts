import { describe, expect, it } from '@jest/globals';
import { isAllowedAddress } from './allowed-addresses.js';
import { targetOf } from './endpoint-terms.js';

const none = { privateNetworks: [], plainHttp: false };

describe('an address', () => {
  it.each(['8.8.8.8', '93.184.216.34', '2606:4700:4700::1111', '2a00:1450:4001:81b::200e', '::ffff:8.8.8.8'])(
    '%s is public',
    (address) => {
      expect(isAllowedAddress(address, [])).toBe(true);
    },
  );

  it.each([
    ['loopback', '127.0.0.1'],
    ['loopback, elsewhere', '127.8.9.10'],
    ['unspecified', '0.0.0.0'],
    ['this network', '0.1.2.3'],
    ['private', '10.0.0.1'],
    ['private', '172.16.0.1'],
    ['private', '172.31.255.255'],
    ['private', '192.168.1.1'],
    ['carrier-grade NAT', '100.64.0.1'],
    ['link-local', '169.254.1.1'],
    ['the metadata service of clouds', '169.254.169.254'],
    ['protocol assignments', '192.0.0.8'],
    ['documentation', '192.0.2.1'],
    ['benchmarks', '198.18.0.1'],
    ['6to4 relay', '192.88.99.1'],
    ['multicast', '224.0.0.1'],
    ['reserved', '240.0.0.1'],
    ['broadcast', '255.255.255.255'],
    ['loopback', '::1'],
    ['unspecified', '::'],
    ['IPv4 as IPv6', '::ffff:127.0.0.1'],
    ['IPv4 as IPv6, in hex', '::ffff:a9fe:a9fe'],
    ['IPv4-compatible', '::127.0.0.1'],
    ['NAT64', '64:ff9b::7f00:1'],
    ['local NAT64', '64:ff9b:1::7f00:1'],
    ['6to4', '2002:7f00:1::'],
    ['Teredo', '2001::1'],
    ['unique local', 'fd00::1'],
    ['link-local', 'fe80::1'],
    ['link-local with a zone', 'fe80::1%eth0'],
    ['site-local', 'fec0::1'],
    ['multicast', 'ff02::1'],
    ['documentation', '2001:db8::1'],
    ['discard', '100::1'],
    ['metadata service by IPv6', 'fd00:ec2::254'],
    ['no address', 'localhost'],
    ['nothing', ''],
  ])('of the kind "%s" is not allowed: %s', (_, address) => {
    expect(isAllowedAddress(address, [])).toBe(false);
  });

  it('is allowed in a network of the settings, and its neighbours are not', () => {
    expect(isAllowedAddress('10.1.2.3', ['10.1.2.0/24', '::1/128'])).toBe(true);
    expect(isAllowedAddress('::1', ['10.1.2.0/24', '::1/128'])).toBe(true);
    expect(isAllowedAddress('::ffff:10.1.2.3', ['10.1.2.0/24'])).toBe(true);
    expect(isAllowedAddress('10.1.3.3', ['10.1.2.0/24'])).toBe(false);
  });
});

describe('a URL', () => {
  it('is requested as it was written, normalised', () => {
    expect(targetOf('https://Hooks.example.org:443/a?b=c', none)).toBe('https://hooks.example.org/a?b=c');
    expect(targetOf('https://8.8.8.8/', none)).toBe('https://8.8.8.8/');
    expect(targetOf('http://127.0.0.1:8080/', { privateNetworks: ['127.0.0.0/8'], plainHttp: true })).toBe(
      'http://127.0.0.1:8080/',
    );
  });

  it.each([
    'http://hooks.example.org/',
    'ftp://hooks.example.org/',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'hooks.example.org',
    'https://',
    'https://user:password@hooks.example.org/',
    'https://user@hooks.example.org/',
    'https://hooks.example.org/#part',
    'https://127.0.0.1/',
    'https://2130706433/',
    'https://0x7f.1/',
    'https://0177.0.0.1/',
    'https://127.1/',
    'https://[::1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://169.254.169.254/latest/meta-data/',
    'https://[fd00:ec2::254]/',
  ])('%s is refused', (url) => {
    expect(() => targetOf(url, none)).toThrow(expect.objectContaining({ code: 'WEBHOOK_URL_REFUSED' }));
  });
});
