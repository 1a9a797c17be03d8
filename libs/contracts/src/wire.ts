import { z } from 'zod';

/** The words that all messages and bodies are made of. */

/** However a client writes it, an id is compared and stored in lower case. */
export const id = z.uuid().toLowerCase().describe('A UUID.');
export const instant = z.iso
  .datetime({ offset: true })
  .refine(isKept, { error: 'Must lie in the years 1 to 9999, with at most nine decimals.', abort: true })
  .describe('An instant, RFC 3339.');
export const day = z.iso
  .date()
  .refine((text) => !text.startsWith('0000'), 'There is no year 0.')
  .describe('A calendar day of the class’s time zone.');
/**
 * What zod's pattern leaves open: Temporal reads nine digits of a fraction and no more, and a database knows no year 0
 * and rounds to microseconds. Only in the years at either end an offset, or rounding, may lead out of them.
 */
function isKept(text: string): boolean {
  if (/\.\d{10}/.test(text)) return false;
  if (!/^(?:000[01]|9999)-/.test(text)) return true;
  try {
    const { year } = Temporal.Instant.from(text).round('microsecond').toZonedDateTimeISO('UTC');
    return year >= 1 && year <= 9999;
  } catch {
    // What is no instant at all was told already.
    return true;
  }
}

export const currency = z
  .string()
  .regex(/^[A-Z]{3}$/)
  .describe('An ISO 4217 currency code.');

/** Amounts of orders and payments: whole minor units. The upper bound is AMOUNT_MINOR_MAX of the kernel. */
export const amountMinor = z.int().min(0).max(1_000_000_000_000).describe('An amount in minor units of the currency.');
export const positiveAmountMinor = z
  .int()
  .min(1)
  .max(1_000_000_000_000)
  .describe('An amount above zero, in minor units.');
/** Balances and sums of many amounts. */
export const balanceMinor = z.int().describe('A sum in minor units of the currency; may be negative.');

/** Whether a database can keep this text: Unicode without NUL and without halves of surrogate pairs. */
export const isStorable = (value: string) => !value.includes('\0') && value.isWellFormed();
const storable = [isStorable, 'Contains characters that cannot be stored.'] as const;

/** A line of text that has to say something. */
export const text = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .refine(...storable);
/** A text that may be empty. */
export const freeText = (max: number) =>
  z
    .string()
    .max(max)
    .refine(...storable);

/** Databases keep versions in four bytes. */
export const versionMax = 2_147_483_647;

export const timeZone = z.string().min(1).max(64).describe('An IANA time zone name, such as Europe/Berlin.');

/** Lists are paged from 1. */
export const paging = {
  page: z.int().min(1).max(1_000_000).default(1),
  limit: z.int().min(1).max(200).default(50),
};

/** The shape of one page of a list of such items. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), total: z.int().min(0), page: z.int().min(1), limit: z.int().min(1) });
}

/**
 * Whose eyes look: a member's person id, to whom everything of others is not there, or null for those who see all.
 */
export const visibleTo = id.nullable().describe('The member who asks, or null for an operator or admin.');
