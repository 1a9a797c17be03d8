/**
 * A type whose handler has finished nothing for this long is saturated. A batch takes some milliseconds and a client
 * waits some seconds: no request is refused that would have been answered soon, and the requests behind it stay in
 * time.
 */
const saturatedAfterMs = 1_000;

export interface TypeQueuePlan<Item> {
  readonly type: string;
  /** How many batches may be with the handler at once. */
  readonly batchesMax: number;
  /** How many items a saturated type may hold, those with the handler included. */
  readonly itemsMax: number;
  /** Takes over the items beyond that: the latest ones. */
  readonly onSurplus: (surplus: readonly Item[]) => void;
}

/**
 * The requests of one type that wait for its handler. A type that is not saturated may hold any number: a burst,
 * however large, is soon handled.
 */
export class TypeQueue<Item> {
  private readonly items: Item[] = [];
  private batches = 0;
  private handling = 0;
  private saturated = false;
  /** Runs while batches do, and begins anew when one of them ends. */
  private watchdog: NodeJS.Timeout | undefined;

  constructor(private readonly plan: TypeQueuePlan<Item>) {}

  get type(): string {
    return this.plan.type;
  }

  /** Items that are not with the handler yet. */
  get waiting(): number {
    return this.items.length;
  }

  /** Whether no item waits and none is with the handler. */
  get isEmpty(): boolean {
    return this.batches === 0 && this.items.length === 0;
  }

  /** Whether a further batch may go to the handler now. */
  get mayStart(): boolean {
    return this.items.length > 0 && this.batches < this.plan.batchesMax && this.room > 0;
  }

  add(item: Item): void {
    this.items.push(item);
    if (this.saturated) this.shed();
  }

  /** The oldest waiting items, at most `max`, within what the type may hold. */
  take(max: number): Item[] {
    return this.items.splice(0, Math.min(max, this.room));
  }

  /** A batch has gone to the handler. */
  started(size: number): void {
    this.batches++;
    this.handling += size;
    if (this.batches === 1) this.watch();
  }

  /** The handler has finished a batch. */
  ended(size: number): void {
    this.batches--;
    this.handling -= size;
    this.watch();
  }

  private get room(): number {
    return this.plan.itemsMax - this.handling;
  }

  private shed(): void {
    const surplus = this.items.splice(this.room);
    if (surplus.length > 0) this.plan.onSurplus(surplus);
  }

  private watch(): void {
    clearTimeout(this.watchdog);
    this.saturated = false;
    if (this.batches === 0) return;
    this.watchdog = setTimeout(() => {
      this.saturated = true;
      this.shed();
    }, saturatedAfterMs);
  }
}
