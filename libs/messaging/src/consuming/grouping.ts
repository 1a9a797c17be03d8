/** Messages of one type, for one call of a handler. */
export interface Group<Item> {
  readonly type: string;
  readonly items: Item[];
}

/**
 * Splits a batch into as few groups of one type as the order allows: when the groups are handled in sequence, the
 * messages of each subject keep their order. A message joins the earliest group of its type that is not before a group
 * with an earlier message of its subject.
 */
export function groupInOrder<Item extends { readonly type: string; readonly subject: string }>(
  batch: readonly Item[],
): Group<Item>[] {
  const groups: Group<Item>[] = [];
  const positionsByType = new Map<string, number[]>();
  const lastBySubject = new Map<string, number>();
  for (const item of batch) {
    const earliest = lastBySubject.get(item.subject) ?? 0;
    const positions = positionsByType.get(item.type) ?? [];
    let position = positions.find((candidate) => candidate >= earliest);
    if (position === undefined) {
      position = groups.push({ type: item.type, items: [] }) - 1;
      positionsByType.set(item.type, [...positions, position]);
    }
    groups[position]?.items.push(item);
    lastBySubject.set(item.subject, position);
  }
  return groups;
}
