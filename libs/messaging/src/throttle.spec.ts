import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { Throttle } from './throttle.js';

describe('the throttle', () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  const at = (now: number) => jest.spyOn(performance, 'now').mockReturnValue(now);

  it('lets the first batch begin at once, and each batch after a small one', () => {
    const throttle = new Throttle();
    at(0);
    expect(throttle.restMs).toBeLessThanOrEqual(0);
    throttle.noteBatch(7, 0);
    expect(throttle.restMs).toBeLessThanOrEqual(0);
  });

  it('lets the batch after a large one fill, counted from the beginning of the large one', () => {
    const throttle = new Throttle();
    throttle.noteBatch(8, 100);
    at(110);
    expect(throttle.restMs).toBe(30);
    at(140);
    expect(throttle.restMs).toBe(0);
  });

  it('ends with the first small batch', () => {
    const throttle = new Throttle();
    throttle.noteBatch(500, 100);
    throttle.noteBatch(1, 140);
    at(141);
    expect(throttle.restMs).toBeLessThanOrEqual(0);
  });
});
