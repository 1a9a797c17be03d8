/**
 * Whether `value`, made of plain JSON, has more than `levels` members inside each other. Within 64 KiB there is room
 * for thousands, and whatever walks a value by calling itself runs out of stack; this goes no deeper
 * than it is asked about.
 */
export function isDeeperThan(levels: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const members = Object.values(value);
  return levels === 0 ? members.length > 0 : members.some((member) => isDeeperThan(levels - 1, member));
}
