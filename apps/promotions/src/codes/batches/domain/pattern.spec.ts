import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Refusal } from '#kernel/refusal.js';
import { CodePattern } from './pattern.js';

const secret = Buffer.alloc(32, 7);

describe('a pattern', () => {
  it('stands for digits and letters that are not confused', () => {
    const codes = new CodePattern('SPRING-####-????').walk(secret, 0, 2_000);
    expect(codes.filter((code) => !/^SPRING-[2-9]{4}-[A-Z]{4}$/.test(code))).toEqual([]);
    const letters = new Set(codes.flatMap((code) => [...code.slice(12)]));
    expect([...letters].sort().join('')).toBe('ACDEFGHJKMNPQRTUVWXY');
    expect([...new Set(codes.flatMap((code) => [...code.slice(7, 11)]))].sort().join('')).toBe('23456789');
  });

  it('has a number of codes', () => {
    expect(new CodePattern('X#').size).toBe(8n);
    expect(new CodePattern('SPRING-####-????').size).toBe(655_360_000n);
    expect(new CodePattern('?'.repeat(24)).size).toBe(20n ** 24n);
  });

  it.each([
    ['FLAT', 'PATTERN_INVALID'],
    ['\u{fdfa}-##', 'PATTERN_INVALID'],
    ['#'.repeat(25), 'PATTERN_INVALID'],
  ])('cannot be %s', (text, code) => {
    expect(() => new CodePattern(text)).toThrow(expect.objectContaining({ code }));
  });

  it('has room for all its codes and no more', () => {
    const pattern = new CodePattern('A-##');
    expect(() => pattern.checkRoom(64)).not.toThrow();
    expect(() => pattern.checkRoom(65)).toThrow(Refusal);
  });
});

describe('the walk through a pattern', () => {
  it('visits each code once, for any pattern and secret', () => {
    const small = fc
      .array(fc.constantFrom('#', '?', '-', 'K'), { minLength: 1, maxLength: 8 })
      .map((parts) => parts.join(''));
    const walkable = small.filter((text) => {
      const slots = [...text].filter((part) => part === '#' || part === '?').length;
      return slots > 0 && slots < 4;
    });
    fc.assert(
      fc.property(walkable, fc.uint8Array({ minLength: 32, maxLength: 32 }), (text, bytes) => {
        const pattern = new CodePattern(text);
        const size = Number(pattern.size);
        expect(new Set(pattern.walk(Buffer.from(bytes), 0, size)).size).toBe(size);
      }),
      { numRuns: 60 },
    );
  });

  it('continues where it stopped', () => {
    const pattern = new CodePattern('???-###');
    const whole = pattern.walk(secret, 100, 300);
    expect([...pattern.walk(secret, 100, 120), ...pattern.walk(secret, 220, 180)]).toEqual(whole);
  });

  it('differs for another secret, from its first step on', () => {
    const pattern = new CodePattern('?'.repeat(24));
    const [one, other] = [randomBytes(32), randomBytes(32)].map((key) => pattern.walk(key, 0, 1_000)) as [
      string[],
      string[],
    ];
    expect(one.filter((code) => other.includes(code))).toEqual([]);
    // Neighbours on the way have about as much in common as any two codes: one place in twenty.
    const shared = one
      .slice(1)
      .map((code, step) => [...code].filter((letter, at) => letter === one[step]?.[at]).length);
    expect(shared.reduce((sum, places) => sum + places, 0) / shared.length).toBeCloseTo(24 / 20, 0);
  });
});
