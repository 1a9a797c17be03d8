import { Injectable } from '@nestjs/common';
import { RefusalsStore } from './refusals.store.js';

/** Refusals in one transaction. */
const setMax = 20_000;

/**
 * Adds the refusals that the sums do not include, set by set. Readers add them too, so this decides how fast they are
 * answered and never what.
 */
@Injectable()
export class RollUpRefusals {
  constructor(private readonly refusals: RefusalsStore) {}

  /** @returns how many refusals were added */
  async execute(): Promise<number> {
    let added = 0;
    for (;;) {
      const taken = await this.refusals.rollUp(setMax);
      added += taken;
      if (taken < setMax) return added;
    }
  }
}
