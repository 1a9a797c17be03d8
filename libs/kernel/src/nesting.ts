/**
 * Whether `value`, made of plain JSON, has more than `levels` members inside each other. Within 64 KiB there is room for
 * thousands, and whatever walks a value by calling itself runs out of stack. Looks level by level, and no further than
 * it takes to know.
 */
export function isDeeperThan(levels: number, value: unknown): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; depth <= levels; depth++) {
    level = level.flatMap((item) => (typeof item === 'object' && item !== null ? Object.values(item) : []));
    if (level.length === 0) return false;
  }
  return true;
}
