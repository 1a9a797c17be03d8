import { describe, expect, it } from '@jest/globals';
import { orRefusal, Refusal } from './refusal.js';

describe('orRefusal', () => {
  const refusal = new Refusal('ORDER_CLOSED', 'The order is closed.');

  it('gives the result of a decision', () => {
    expect(orRefusal(() => 7)).toBe(7);
  });

  it('gives the refusal that a decision throws', () => {
    const decide = () => {
      throw refusal;
    };
    expect(orRefusal(decide)).toBe(refusal);
  });

  it('lets a fault pass', () => {
    const decide = () => {
      throw new TypeError('bug');
    };
    expect(() => orRefusal(decide)).toThrow(TypeError);
  });
});
