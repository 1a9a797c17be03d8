import { z } from 'zod';
import { cursor, type SortKey } from './cursors.js';
import { hasVisible, isOneLine, isParagraphs, isStorable } from './texts.js';

/** Schemas that many messages and bodies share. */

/** An id is compared and stored in lower case. */
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
 * Limits that zod's pattern does not check: Temporal parses at most nine decimals, and Postgres has no year 0 and
 * rounds to microseconds. An offset or rounding can leave the range only in the first and the last year.
 */
function isKept(text: string): boolean {
  if (/\.\d{10}/.test(text)) return false;
  if (!/^(?:000[01]|9999)-/.test(text)) return true;
  try {
    const { year } = Temporal.Instant.from(text).round('microsecond').toZonedDateTimeISO('UTC');
    return year >= 1 && year <= 9999;
  } catch {
    // The pattern has already reported a text that is no instant.
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

/** What consists of spaces is empty; what consists of other invisible characters is refused. */
const emptyOrVisible = [
  (value: string) => !/\S/.test(value) || hasVisible(value),
  'Contains no visible character.',
] as const;
const oneLine = [
  isOneLine,
  { error: 'Contains line breaks, controls or other characters that no line of text has.', abort: true },
] as const;
const paragraphs = [
  isParagraphs,
  { error: 'Contains controls or other characters that no text has.', abort: true },
] as const;

/** One trimmed line of text with something to see: every name, title, note and reference. */
export const text = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .refine(...oneLine)
    .refine(...emptyOrVisible);
/** One trimmed line of text, or none. */
export const optionalText = (max: number) =>
  z
    .string()
    .trim()
    .max(max)
    .refine(...oneLine)
    .refine(...emptyOrVisible);
/** Lines of text, or none: descriptions. */
export const paragraphsText = (max: number) =>
  z
    .string()
    .max(max)
    .refine(...paragraphs)
    .refine(...emptyOrVisible);
/** Any text that can be stored: what is checked later, or comes from a system of ours. */
export const storableText = (max: number) =>
  z.string().max(max).refine(isStorable, 'Contains characters that cannot be stored.');

/** The largest version: Postgres stores versions in four bytes. */
export const versionMax = 2_147_483_647;

export const timeZone = z.string().min(1).max(64).describe('An IANA time zone name, such as Europe/Berlin.');

/** The largest number of a page. */
export const pageMax = 1_000_000;
/** The largest number of items on a page. */
export const pageItemsMax = 200;

/**
 * How a list is read: by page, or after the cursor of the page before, which rows that arrive meanwhile do not shift.
 * @param key the schema of the list's sort key
 */
export function paging(key: z.ZodType<SortKey>, { most = pageItemsMax, usual = 50 } = {}) {
  return {
    page: z.int().min(1).max(pageMax).optional().describe('Counts from 1, the default. Not together with `after`.'),
    limit: z.int().min(1).max(most).default(usual),
    after: cursor(key)
      .optional()
      .describe('Continues the list after the page before: its `next_cursor`. Not together with `page`.'),
    count: z.boolean().optional().describe('Whether the items are counted for `total`; true by default.'),
  };
}

/** The sort key of lists in the order of their ids. */
export const idKey = z.tuple([id]);

/** One page of a list of items. The page of items with a name has one too: `Class`, `ClassPage`. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  const page = z.object({ items: z.array(item), ...pageMembers });
  const name = item.meta()?.id;
  return name === undefined ? page : page.meta({ id: `${name}Page` });
}

/** What a page says of itself. */
export const pageMembers = {
  total: z.int().min(0).optional().describe('The number of items on all pages; absent if `count` is false.'),
  page: z.int().min(1).optional().describe('The number of the page; absent after a cursor.'),
  limit: z.int().min(1),
  next_cursor: z.string().nullable().describe('The `after` of the next page; null on the last page.'),
};

/** The person id of a requesting member, who sees only their own data; null for roles that see all data. */
export const visibleTo = id.nullable().describe('The requesting member; null for an operator or admin.');

/** A fault of one member of a request. */
export const fieldError = z
  .object({
    field: z.string().describe('JSON Pointer (RFC 6901) to the member; empty for the whole body.'),
    code: z.string().describe('Stable and UPPER_SNAKE.'),
    message: z.string(),
  })
  .meta({ id: 'FieldError' });

/**
 * A member of an answer that only admins and operators see. Members and publishers get the answer without it: the
 * gateway removes it.
 */
export function staffOnly<Schema extends z.ZodType>(schema: Schema): z.ZodOptional<Schema> {
  return schema.optional().meta({ ...schema.meta(), 'x-shown-to': ['admin', 'ops'] });
}

/** Whether `staffOnly` made this schema. */
export function isStaffOnly(schema: z.ZodType): boolean {
  return schema.meta()?.['x-shown-to'] !== undefined;
}
