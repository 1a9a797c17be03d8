import { z } from 'zod';

/** The name of an outside system that signs conversions: its secrets are configured under it. */
export const conversionSender = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, 'Lower-case letters, digits and hyphens, at most 63.')
  .describe('The name of an outside system, as its secrets are configured.');

/** An admin may act for an outside system, and names its conversions by it. A signature says who sent the request. */
export const senderQuery = z.strictObject({
  sender: conversionSender
    .optional()
    .describe(
      'For admins: the outside system whose conversion it is. Left out for orders and for conversions of admins.',
    ),
});
