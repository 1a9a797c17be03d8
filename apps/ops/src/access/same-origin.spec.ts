import { describe, expect, it } from '@jest/globals';
import { isSameOrigin } from './same-origin.js';
import { tokenInCookie } from './session-cookie.js';

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

describe('the session cookie', () => {
  it('is found among others', () => {
    expect(tokenInCookie('a=1; matricula_ops=x.y.z; xmatricula_ops=no')).toBe('x.y.z');
    expect(tokenInCookie('a=1')).toBeUndefined();
    expect(tokenInCookie(undefined)).toBeUndefined();
  });
});
