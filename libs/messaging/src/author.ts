/** The bearer of the token by which a command was given. */
export interface Author {
  /** The token's `sub`. */
  readonly subject: string;
  /** The role of the token. It contains no slash. */
  readonly role: string;
}

/** The author as one text, `role/subject`: in headers, in envelopes and in the outbox. */
export function formatAuthor({ role, subject }: Author): string {
  return `${role}/${subject}`;
}

/** The author of such a text; undefined for any other value. */
export function parseAuthor(text: unknown): Author | undefined {
  if (typeof text !== 'string') return undefined;
  const slash = text.indexOf('/');
  if (slash < 1 || slash === text.length - 1) return undefined;
  return { role: text.slice(0, slash), subject: text.slice(slash + 1) };
}
