import { expect, it } from '@jest/globals';
import { dayIn, flagIn, listIn, oneOf, textIn } from './search-params.ts';

it('a parameter of the URL is what it should be, or absent', () => {
  expect([textIn('a'), textIn(' '), textIn(7), textIn({}), textIn(undefined)]).toEqual([
    'a',
    undefined,
    '7',
    undefined,
    undefined,
  ]);
  expect([oneOf(['a', 'b'], 'b'), oneOf(['a', 'b'], 'c')]).toEqual(['b', undefined]);
  expect([flagIn(true), flagIn('true'), flagIn('yes'), flagIn(false)]).toEqual([true, true, undefined, undefined]);
  expect([listIn(['A', '', 'B']), listIn('A'), listIn([])]).toEqual([['A', 'B'], ['A'], undefined]);
  expect([dayIn('2026-11-30'), dayIn('30.11.2026'), dayIn(20261130)]).toEqual(['2026-11-30', undefined, undefined]);
});
