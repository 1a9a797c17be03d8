import { expect } from '@jest/globals';
import { sampleOn } from '../../tools/testing/browser-bench.ts';
import { browserTests } from './support/browser-tests.js';

browserTests('the sample', (test) => {
  test('is filled once, however often that is tried', async ({ stack, sample }) => {
    const { receiptId: _, ...again } = await sampleOn(stack);
    expect(sample).toMatchObject(again);
  });
});
