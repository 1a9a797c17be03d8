import { describe, expect, it } from '@jest/globals';
import { patternRisk } from './pattern-cost.js';

describe('a pattern is accepted', () => {
  it.each([
    '^[a-z]{2,8}$',
    '^[A-Z]{3}$',
    '^#[0-9a-f]{6}$',
    '^[^@\\s]+@[^@\\s]+$',
    '^\\d{4}-\\d{2}-\\d{2}$',
    '^(?:monday|tuesday|friday)$',
    '^(?<year>\\d{4})(-\\d{2})?$',
    'a+',
    '^.*$',
    '^\\p{Lu}\\p{L}*$',
    '^[\\]\\\\a-z]+$',
    '^\\u{1F600}?\\x41\\cA\\/$',
    '^(?:[0-9]{1,3}\\.){3}[0-9]{1,3}$',
    '',
  ])('%j', (pattern) => {
    expect(patternRisk(pattern)).toBeNull();
  });
});

describe('a pattern is refused that could take too long', () => {
  it.each([
    '^(a+)+$',
    '^(a|a)*$',
    '^(a|aa)+$',
    '^([a-zA-Z]+)*$',
    '(.*)*x',
    '^(?:x?){64}x{64}$',
    '^\\s*\\s*\\s*$',
    '.*.*=',
    '^(([a-z])+.)+[A-Z]([a-z])+$',
    '^(?:a{0,999}){0,999}$',
    '^(?:a?|b?|c?){40}$',
  ])('%j', (pattern) => {
    expect(patternRisk(pattern)).toMatch(/could take too long|too long/);
  });
});

describe('a pattern is refused whose cost cannot be counted', () => {
  it.each([
    ['^(a+)\\1$', 'it refers back'],
    ['^(?<x>a+)\\k<x>$', 'it refers back'],
    ['^(?=a+$)', 'it looks around'],
    ['(?<!a)b', 'it looks around'],
    ['^(?:a{1000}){1000}$', 'its repetitions make it too long'],
    ['^(?i:a)$', 'it has a group of an unusual kind'],
  ])('%j: %s', (pattern, why) => {
    expect(patternRisk(pattern)).toBe(why);
  });
});

describe('an invalid pattern', () => {
  it.each(['[', '(', '*', 'a{2,1}', '\\'])('%j is refused', (pattern) => {
    expect(patternRisk(pattern)).toMatch(/Invalid regular expression/);
  });
});
