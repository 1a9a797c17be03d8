import { describe, expect, it } from '@jest/globals';
import { endsWithin, TimedOut, withTimeout } from './with-timeout.js';

describe('withTimeout', () => {
  it('gives the result of work that ends in time', async () => {
    await expect(withTimeout(1_000, Promise.resolve(7))).resolves.toBe(7);
  });

  it('throws the error of work that fails in time', async () => {
    await expect(withTimeout(1_000, Promise.reject(new Error('refused')))).rejects.toThrow('refused');
  });

  it('throws TimedOut when the work takes longer, and ignores how the work ends', async () => {
    const { promise: work, reject } = Promise.withResolvers<never>();
    await expect(withTimeout(5, work)).rejects.toBeInstanceOf(TimedOut);
    reject(new Error('too late to matter'));
  });
});

describe('endsWithin', () => {
  it('says whether the work ended in time', async () => {
    await expect(endsWithin(1_000, Promise.resolve())).resolves.toBe(true);
    await expect(endsWithin(5, new Promise(() => {}))).resolves.toBe(false);
  });

  it('throws the error of work that fails in time', async () => {
    await expect(endsWithin(1_000, Promise.reject(new Error('refused')))).rejects.toThrow('refused');
  });
});
