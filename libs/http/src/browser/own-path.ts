import { z } from 'zod';

const lengthMax = 500;

/**
 * A path of this server, to which a browser may be sent. A browser reads `//evil.test` and `/\evil.test` as another
 * server, and it removes white space from addresses, so each of them becomes `/`. The path fits into a header.
 */
export const ownPath = z
  .string()
  .max(lengthMax)
  .regex(/^\/(?![/\\])[^\s\\]*$/)
  .catch('/')
  .transform((path) => path.toWellFormed().replace(/[^\x21-\x7e]+/g, encodeURIComponent))
  .transform((path) => (path.length > lengthMax ? '/' : path));
