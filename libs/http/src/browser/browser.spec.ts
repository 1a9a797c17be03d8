import { describe, expect, it } from '@jest/globals';
import { cookieIn } from './cookies.js';
import { ownPath } from './own-path.js';
import { isSameOrigin } from './same-origin.js';

const host = 'ops.test:4602';

describe('a change', () => {
  it.each([
    ['a page of ours, by fetch metadata', { host, 'sec-fetch-site': 'same-origin' }, true],
    ['a page of ours, by origin', { host, origin: 'https://ops.test:4602' }, true],
    ['another site', { host, 'sec-fetch-site': 'cross-site', origin: 'https://ops.test:4602' }, false],
    ['another service on the same host', { host, 'sec-fetch-site': 'same-site' }, false],
    ['another port, by origin', { host, origin: 'https://ops.test:4600' }, false],
    ['a sandboxed frame', { host, origin: 'null' }, false],
    ['nobody knows where', { host }, false],
  ])('from %s', (_, headers, expected) => {
    expect(isSameOrigin(headers)).toBe(expected);
  });
});

describe('a cookie', () => {
  it('is found among others, by its whole name', () => {
    expect(cookieIn('a=1; session=x.y.z; xsession=no', 'session')).toBe('x.y.z');
    expect(cookieIn('session=a=b==', 'session')).toBe('a=b==');
    for (const header of ['a=1', 'session=', 'xsession=1', undefined]) {
      expect(cookieIn(header, 'session')).toBeUndefined();
    }
  });
});

describe('a path to return to', () => {
  it.each(['/', '/orders/1?tab=money#why', '/.//x'])('is kept when it is of this server: %s', (path) => {
    expect(ownPath.parse(path)).toBe(path);
    expect(new URL(path, 'https://console.test').origin).toBe('https://console.test');
  });

  it('is short, also when it is percent-encoded', () => {
    expect(ownPath.parse(`/${'a'.repeat(499)}`)).toHaveLength(500);
    for (const long of ['a'.repeat(500), 'ü'.repeat(200)]) expect(ownPath.parse(`/${long}`)).toBe('/');
  });

  it('is percent-encoded where a header needs that', () => {
    expect(ownPath.parse('/Kurse/ü?q=☃%20\ud800')).toBe('/Kurse/%C3%BC?q=%E2%98%83%20%EF%BF%BD');
  });

  it.each([
    '//evil.test',
    '/\\evil.test',
    '/\t/evil.test',
    'https://evil.test',
    'evil',
    '/a\\b',
    '/a\nb',
    '',
    undefined,
  ])('is the start page in place of %j', (path) => {
    expect(ownPath.parse(path)).toBe('/');
  });
});
