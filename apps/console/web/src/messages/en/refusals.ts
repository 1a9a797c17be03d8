/** A sentence for a refusal, from the details of its problem document. */
export type RefusalWords = Readonly<Record<string, string | ((details: Readonly<Record<string, unknown>>) => string)>>;

/** The server's own sentences are English: none is replaced. */
export const words: RefusalWords = {};
