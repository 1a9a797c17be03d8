/** A sentence of the server in another language: its pattern, and what it becomes. */
export type Sentence = readonly [
  pattern: RegExp,
  translate: (parts: readonly string[], write: SentenceFormats) => string,
];

/** How amounts and days inside of sentences are written. */
export interface SentenceFormats {
  /** `49.00 EUR` in the notation of the language. */
  readonly money: (text: string) => string;
  /** `2026-04-01` in the notation of the language. */
  readonly day: (text: string) => string;
  /** An instant (RFC 3339) in the reader's zone. */
  readonly instant: (text: string) => string;
}

/** The server's sentences are English already. */
export const words: readonly Sentence[] = [];
