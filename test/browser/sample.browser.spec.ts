import { expect } from '@jest/globals';
import { fillSample } from '../../tools/screens/sample.ts';
import { browserTests } from './support/browser-tests.js';

browserTests('the sample', (test) => {
  test('is filled once, however often that is tried', async ({ stack }) => {
    const issuer = { token: stack.token.bind(stack) } as never;
    const subjects = { member: 'a-member', publisher: 'a-publisher', admin: 'an-admin' };
    const { gatewayUrl, webhooksUrl, secrets } = stack;
    const first = await fillSample({ gatewayUrl, webhooksUrl, secrets, issuer, subjects });
    const { receiptId: _, ...again } = await fillSample({ gatewayUrl, webhooksUrl, secrets, issuer, subjects });
    expect(first).toMatchObject(again);
  });
});
