import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';

/** A built file, as it is sent. */
export interface Asset {
  readonly type: string;
  readonly etag: string;
  readonly cacheControl: string;
  readonly body: Buffer;
  /** By the name of the content coding: the same file, compressed when it was built. */
  readonly encoded: ReadonlyMap<Encoding, Buffer>;
}

/** The better one first. */
export const encodings = ['br', 'gzip'] as const;
export type Encoding = (typeof encodings)[number];
const extensionOf: Readonly<Record<Encoding, string>> = { br: '.br', gzip: '.gz' };

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.woff2': 'font/woff2',
};

/** Vite puts a hash of the content into the names below this path. */
export const hashedPath = '/assets/';

/**
 * The files of a folder by their paths, read once: a request is answered with one of them or not at all, so it can name
 * no file outside. An empty map when there is no such folder.
 */
export function readPages(folder: string): ReadonlyMap<string, Asset> {
  const files = new Set(filesIn(folder));
  const isCompressed = (path: string) =>
    Object.values(extensionOf).some((extension) => path.endsWith(extension) && files.has(path.slice(0, -3)));
  return new Map(
    [...files]
      .filter((path) => !isCompressed(path))
      .map((path) => {
        const body = readFileSync(join(folder, path));
        const compressed = encodings.filter((encoding) => files.has(`${path}${extensionOf[encoding]}`));
        const asset: Asset = {
          type: types[extname(path)] ?? 'application/octet-stream',
          etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`,
          cacheControl: path.startsWith(hashedPath) ? 'public, max-age=31536000, immutable' : 'no-cache',
          body,
          encoded: new Map(
            compressed.map((encoding) => [encoding, readFileSync(join(folder, `${path}${extensionOf[encoding]}`))]),
          ),
        };
        return [path, asset] as const;
      }),
  );
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.endsWith('.map'))
      .map(({ parentPath, name }) => `${parentPath.slice(folder.length)}/${name}`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
