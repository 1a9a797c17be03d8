import { isStorable } from '#contracts/texts.js';

/** Bounds of the JSON that the service accepts from users. */
export interface JsonBounds {
  readonly bytesMax: number;
  readonly depthMax: number;
  /** Values of any kind, containers included. */
  readonly nodesMax: number;
  readonly textMax: number;
}

export const schemaBounds: JsonBounds = { bytesMax: 16_384, depthMax: 16, nodesMax: 1_000, textMax: 1_000 };
export const valueBounds: JsonBounds = { bytesMax: 16_384, depthMax: 16, nodesMax: 1_000, textMax: 1_000 };

/**
 * The bound that `value` exceeds, in words, or null. It is checked before anything else, so that validating, comparing
 * and storing a value have bounded costs.
 */
export function excess(value: unknown, bounds: JsonBounds): string | null {
  let nodes = 0;
  const walk = (node: unknown, depth: number): string | null => {
    nodes += 1;
    if (nodes > bounds.nodesMax) return `more than ${bounds.nodesMax} values`;
    if (depth > bounds.depthMax) return `nested deeper than ${bounds.depthMax}`;
    if (typeof node === 'string') return excessOfText(node, bounds);
    if (node === null || typeof node !== 'object') return null;
    for (const [key, child] of Object.entries(node)) {
      const found = excessOfText(key, bounds) ?? walk(child, depth + 1);
      if (found) return found;
    }
    return null;
  };
  const found = walk(value, 1);
  if (found) return found;
  return Buffer.byteLength(JSON.stringify(value) ?? '') > bounds.bytesMax ? `more than ${bounds.bytesMax} bytes` : null;
}

function excessOfText(text: string, { textMax }: JsonBounds): string | null {
  if (text.length > textMax) return `a text longer than ${textMax}`;
  return isStorable(text) ? null : 'characters that cannot be stored';
}
