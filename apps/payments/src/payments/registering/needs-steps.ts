/**
 * The SQLSTATE that `register_payments` and `receive_webhooks` raise when a set needs more than one statement: a
 * refund waits for one of its payments, a notice adds a name to money in suspense or an extra to a payment, or a
 * request settles an earlier one. Nothing of the set has happened then.
 */
const stepsNeeded = 'MR001';

/** Whether the set of this failed statement has to be run again in steps. */
export function needsSteps(error: unknown): boolean {
  return Error.isError(error) && (error as { code?: unknown }).code === stepsNeeded;
}
