/** In characters. A browser stores at most 4,096 bytes of one cookie, with its name and attributes. */
export const cookieValueMax = 3_800;

/** The value of the cookie `name` in a Cookie header; undefined when there is none. */
export function cookieIn(header: string | undefined, name: string): string | undefined {
  for (const pair of header?.split(';') ?? []) {
    const [key = '', ...value] = pair.split('=');
    if (key.trim() === name) return value.join('=').trim() || undefined;
  }
  return undefined;
}
