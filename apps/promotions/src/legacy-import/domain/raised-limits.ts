/** The limits of a code; null is no limit. */
export interface Limits {
  readonly maxUses: number | null;
  readonly maxUsesPerPerson: number | null;
  readonly maxUsesPerOffer: number | null;
  readonly budgetMinor: number | null;
}

/** What the redemptions of a code amount to, in the terms of its limits; null where no redemption counts. */
export interface Reached {
  readonly uses: number;
  readonly usesOfOnePerson: number | null;
  readonly usesOfOneOffer: number | null;
  readonly givenMinor: number;
}

/**
 * The legacy system let some limits be exceeded. Those redemptions happened, so they count, and each exceeded limit is
 * raised to what was reached.
 */
export function raiseLimits(limits: Limits, reached: Reached): Limits {
  return {
    maxUses: raised(limits.maxUses, reached.uses),
    maxUsesPerPerson: raised(limits.maxUsesPerPerson, reached.usesOfOnePerson),
    maxUsesPerOffer: raised(limits.maxUsesPerOffer, reached.usesOfOneOffer),
    budgetMinor: raised(limits.budgetMinor, reached.givenMinor),
  };
}

function raised(limit: number | null, reached: number | null): number | null {
  return limit === null || reached === null ? limit : Math.max(limit, reached);
}
