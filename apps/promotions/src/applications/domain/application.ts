/** A bonus code that somebody took. */
export interface Application {
  readonly codeId: string;
  readonly personId: string;
  readonly appliedAt: Temporal.Instant;
  /** The slot that is held for it, where the code counts on being taken. */
  readonly redemptionId: string | null;
  /** Spent: its slot was redeemed. The person may take the code again, as far as its limits go. */
  readonly state: 'applied' | 'spent';
}
