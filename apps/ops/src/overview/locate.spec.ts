import dns from 'node:dns/promises';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { locate } from './locate.js';

const four = (address: string) => ({ address, family: 4 });
const six = (address: string) => ({ address, family: 6 });

function located(url: string, ...found: { address: string; family: number }[]) {
  jest.spyOn(dns, 'lookup').mockImplementation((async () => found) as unknown as typeof dns.lookup);
  return locate({ service: 'payments', url });
}
const direct = (url: string) => ({ service: 'payments', url, address: url });

describe('a name', () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('is one instance for each address, always in the same order', async () => {
    const urls = ['http://10.0.0.1:4601/at', 'http://10.0.0.2:4601/at'];
    expect(await located('http://p:4601/at', four('10.0.0.2'), four('10.0.0.1'))).toEqual(urls.map(direct));
    const sixes = ['http://[fd00::1]:4601', 'http://[fd00::2]:4601'];
    expect(await located('http://p:4601', six('fd00::1'), six('fd00::2'))).toEqual(sixes.map(direct));
  });

  it('is one instance, requested by its name, when it has one address of each family', async () => {
    expect(await located('http://p:4601', six('fd00::1'), four('10.0.0.1'))).toEqual([
      { service: 'payments', url: 'http://p:4601', address: 'http://10.0.0.1:4601' },
    ]);
  });

  it.each(['http://localhost:4601', 'http://127.0.0.1:4601', 'http://[::1]:4601', 'https://pods'])(
    'is not looked up when it is none, or certified: %s',
    async (url) => {
      expect(await located(url, four('127.0.0.1'), four('127.0.0.2'))).toEqual([direct(url)]);
    },
  );
});
