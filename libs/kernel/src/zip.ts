import { assert } from './assert.js';

/**
 * Pairs the items of two lists by position, such as commands and their replies.
 * @throws BrokenInvariant when the lists differ in length
 */
export function zip<Left, Right>(left: readonly Left[], right: readonly Right[]): [left: Left, right: Right][] {
  assert(left.length === right.length, `lists of ${left.length} and ${right.length} items cannot be paired`);
  return left.map((item, index) => [item, right[index] as Right]);
}
