/** The orders of the list; the first one is the server's own. */
export const classSorts = ['newest', 'title', 'starts'] as const;
