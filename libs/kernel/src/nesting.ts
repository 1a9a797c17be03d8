/**
 * Whether `value`, made of plain JSON, is nested deeper than `levels`. 64 KiB of JSON can hold thousands of levels, and
 * a recursive walk of them would overflow the stack; this one recurses `levels` deep at most.
 */
export function isDeeperThan(levels: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const members = Object.values(value);
  return levels === 0 ? members.length > 0 : members.some((member) => isDeeperThan(levels - 1, member));
}
