import { Refusal } from '#kernel/refusal.js';
import { ServiceUnavailable } from '#messaging/faults.js';

/** How many streams one instance holds: in all, of one caller, and of one address. */
export interface StreamLimits {
  readonly max: number;
  readonly perCallerMax: number;
  readonly perAddressMax: number;
}

/** A stream that takes a place. */
export interface PlacedStream {
  readonly caller: string;
  readonly address: string;
  /** Ends the stream, whose place is free already. Its client returns with the last step that it has received. */
  readonly end: () => void;
}

type Owner = 'caller' | 'address';

/**
 * The places for live streams of one instance. While all of them are taken, a newcomer gets the place of the caller who
 * has the most, or else of the address that has the most, as long as the newcomer has less than they will have then. So
 * a few callers never keep the others out.
 */
export class StreamShares {
  /** In the order of opening. */
  private readonly streams = new Set<PlacedStream>();

  constructor(private readonly limits: StreamLimits) {}

  /**
   * Takes a place, and returns what frees it.
   * @throws Refusal TOO_MANY_STREAMS when the caller or the address has reached its limit
   * @throws ServiceUnavailable when all places are taken, and nobody has more than the newcomer
   */
  take(stream: PlacedStream): () => void {
    const { max, perCallerMax, perAddressMax } = this.limits;
    this.assertBelow(perCallerMax, 'caller', stream);
    this.assertBelow(perAddressMax, 'address', stream);
    if (this.streams.size >= max) {
      const greedy = this.greedier('caller', stream) ?? this.greedier('address', stream);
      if (!greedy) throw new ServiceUnavailable('gateway', `${max} streams are open`);
      this.streams.delete(greedy);
      greedy.end();
    }
    this.streams.add(stream);
    return () => this.streams.delete(stream);
  }

  /** Ends all streams. */
  endAll(): void {
    for (const stream of this.streams) stream.end();
    this.streams.clear();
  }

  private assertBelow(limit: number, owner: Owner, { [owner]: name }: PlacedStream): void {
    const open = this.countsBy(owner).get(name) ?? 0;
    if (open < limit) return;
    const whose = owner === 'caller' ? 'You already follow' : 'From your address others already follow';
    throw new Refusal('TOO_MANY_STREAMS', `${whose} ${open} orders.`, { limit });
  }

  /**
   * The latest stream of the owner with the most, if the newcomer has no more even after that one has ended. It is
   * never that of a caller who has no more streams than the newcomer: another address gives a caller no larger share.
   */
  private greedier(owner: Owner, newcomer: PlacedStream): PlacedStream | undefined {
    const counts = this.countsBy(owner);
    const most = Math.max(...counts.values());
    if (most - 1 < (counts.get(newcomer[owner]) ?? 0) + 1) return undefined;
    const callers = this.countsBy('caller');
    const own = callers.get(newcomer.caller) ?? 0;
    return [...this.streams].findLast(
      (stream) => counts.get(stream[owner]) === most && (callers.get(stream.caller) ?? 0) > own,
    );
  }

  private countsBy(owner: Owner): Map<string, number> {
    const counts = new Map<string, number>();
    for (const stream of this.streams) counts.set(stream[owner], (counts.get(stream[owner]) ?? 0) + 1);
    return counts;
  }
}
