import type { SentenceFormats } from './sentences.ts';

/**
 * A sentence for a refusal, from the details of its problem document. The person concerned reads it, and admins who
 * act for them do.
 */
export type RefusalWords = Readonly<
  Record<string, string | ((details: Readonly<Record<string, unknown>>, write: SentenceFormats) => string)>
>;

/** The server's own sentences are English: none is replaced. */
export const words: RefusalWords = {};
