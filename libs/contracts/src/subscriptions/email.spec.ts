import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { emailAddress, emailKey } from './email.js';

describe('an e-mail address', () => {
  it.each([
    'mia@example.org',
    "o'brien+news@sub.example.co.uk",
    'mia@müller.example',
    'mia@xn--mller-kva.example',
    'jürgen@example.org',
    '用户@例え.テスト',
    'δοκιμή@παράδειγμα.δοκιμή',
    `${'x'.repeat(64)}@example.org`,
  ])('may be %s, and is trimmed', (address) => {
    expect(emailAddress.parse(` ${address} `)).toBe(address);
  });

  it.each([
    'mia',
    'mia@',
    '@example.org',
    'mia@example',
    'mia@localhost',
    'mia@127.0.0.1',
    'mia@@example.org',
    'mia.@example.org',
    '.mia@example.org',
    'mi..a@example.org',
    'mi a@example.org',
    'mia@exam ple.org',
    'mia@exa_mple.org',
    'mia@-example.org',
    'mia@example.org.',
    'mi\u200ba@example.org',
    'mia@exam\u00adple.org',
    'mia\u202e@example.org',
    'mia@example.org\nbcc: all@example.org',
    '"mia"@example.org',
    `${'x'.repeat(65)}@example.org`,
    `${'ü'.repeat(33)}@example.org`,
    `mia@${'x'.repeat(64)}.org`,
    `mia@${'abcdefgh.'.repeat(28)}org`,
  ])('is not %j', (address) => {
    expect(emailAddress.safeParse(address).error?.issues).toMatchObject([{ code: 'invalid_format' }]);
  });

  it.each([
    ['Mia@Example.ORG', 'mia@example.org'],
    ['mia@MÜLLER.example', 'mia@xn--mller-kva.example'],
    ['mia@mu\u0308ller.example', 'mia@müller.example'],
    ['Ju\u0308rgen@example.org', 'jürgen@EXAMPLE.org'],
  ])('is the same as %s and %s', (one, other) => {
    expect(emailKey(one)).toBe(emailKey(other));
  });

  it('has a key that is its own key, and begins as it begins', () => {
    fc.assert(
      fc.property(fc.emailAddress(), fc.nat(), (address, cut) => {
        const key = emailKey(address);
        expect(emailKey(key)).toBe(key);
        expect(key.startsWith(emailKey(address.slice(0, cut % address.length)))).toBe(true);
      }),
      { examples: [['mia@0school.example', 'mia@0'.length]] },
    );
  });
});
