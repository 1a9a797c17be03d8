import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { Throttle } from './throttle.js';

describe('the pace of sets', () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  const at = (now: number) => jest.spyOn(performance, 'now').mockReturnValue(now);

  it('lets the first set begin at once, and each that follows a small one', () => {
    const pace = new Throttle();
    at(0);
    expect(pace.restMs).toBeLessThanOrEqual(0);
    pace.keep(7, 0);
    expect(pace.restMs).toBeLessThanOrEqual(0);
  });

  it('lets a set that follows a crowd gather, counted from where the crowd began', () => {
    const pace = new Throttle();
    pace.keep(8, 100);
    at(110);
    expect(pace.restMs).toBe(30);
    at(140);
    expect(pace.restMs).toBe(0);
  });

  it('is at once again when the crowd is over', () => {
    const pace = new Throttle();
    pace.keep(500, 100);
    pace.keep(1, 140);
    at(141);
    expect(pace.restMs).toBeLessThanOrEqual(0);
  });
});
