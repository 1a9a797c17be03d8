import { describe, expect, it } from '@jest/globals';
import { isPathOf } from './paths.ts';

describe('a path', () => {
  const paths = ['/', '/orders', '/orders/$id'];
  it.each(['/', '/orders', '/orders/', '/orders/0198c0de'])('%s is among them', (path) => {
    expect(isPathOf(paths, path)).toBe(true);
  });
  it.each(['/admin-orders', '/orders/0198c0de/money', '/x/orders', '/ordersX'])('%s is not', (path) => {
    expect(isPathOf(paths, path)).toBe(false);
  });
});
