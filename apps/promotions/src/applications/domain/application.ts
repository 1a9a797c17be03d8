/** A bonus code that a person applied. */
export interface Application {
  readonly codeId: string;
  readonly personId: string;
  readonly appliedAt: Temporal.Instant;
  /** Its hold, where the code counts on apply. */
  readonly redemptionId: string | null;
  /** Spent: its hold was redeemed. The person may apply the code again, within its limits. */
  readonly state: 'applied' | 'spent';
}
