/** Splits a header field at a separator outside of quoted strings (RFC 9110 §5.6). */
export function splitUnquoted(text: string, separator: ',' | ';'): string[] {
  const parts: string[] = [];
  let isQuoted = false;
  let start = 0;
  for (let position = 0; position < text.length; position++) {
    const character = text[position];
    if (isQuoted && character === '\\') position++;
    else if (character === '"') isQuoted = !isQuoted;
    else if (character === separator && !isQuoted) {
      parts.push(text.slice(start, position));
      start = position + 1;
    }
  }
  return [...parts, text.slice(start)];
}

/** The text of a quoted string; any other text unchanged. */
export function unquoted(text: string): string {
  const [, quoted] = /^"(.*)"$/s.exec(text) ?? [];
  return quoted?.replace(/\\(.)/gs, '$1') ?? text;
}
