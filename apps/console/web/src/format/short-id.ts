/** The end of an id, which distinguishes it among those on a page. The whole of it is where it leads. */
export function shortId(id: string): string {
  return `…${id.slice(-8)}`;
}

/** The owner of an account where it has no name: an id is shortened, a word is not. */
export function shortOwner(owner: string): string {
  return owner.length > 20 ? shortId(owner) : owner;
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Whether a text is a whole id. */
export function isId(text: string): boolean {
  return uuid.test(text);
}
