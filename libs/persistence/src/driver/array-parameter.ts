import { types } from 'pg';

/**
 * Texts as one parameter of the type `text[]`, in Postgres' binary format. The driver writes an array as quoted text,
 * which the server parses character by character: slow for sets with much text or JSON.
 */
export function textArray(values: readonly (string | null)[]): Buffer {
  return binaryArray(types.builtins.TEXT, values, Buffer.byteLength, (into, text, at) => into.write(text, at));
}

/** Bytes as one parameter of the type `bytea[]`; the driver would write them in hex. */
export function bytesArray(values: readonly (Buffer | null)[]): Buffer {
  return binaryArray(types.builtins.BYTEA, values, byteLength, (into, bytes, at) => bytes.copy(into, at));
}

const byteLength = (bytes: Buffer) => bytes.length;

/** Number of dimensions, null flag, element type; then length and first index of the one dimension. */
const headerBytes = 20;
/** Stands for a null in place of an element's length. */
const isNull = -1;

/** As `array_send` writes it (src/backend/utils/adt/arrayfuncs.c): big-endian, a length before each element. */
function binaryArray<Value extends string | Buffer>(
  elementType: number,
  values: readonly (Value | null)[],
  lengthOf: (value: Value) => number,
  write: (into: Buffer, value: Value, at: number) => void,
): Buffer {
  const lengths = values.map((value) => (value === null ? isNull : lengthOf(value)));
  const array = Buffer.allocUnsafe(lengths.reduce((sum, length) => sum + 4 + Math.max(length, 0), headerBytes));
  for (const [index, word] of [1, 1, elementType, values.length, 1].entries()) array.writeInt32BE(word, 4 * index);
  let at = headerBytes;
  for (const [index, value] of values.entries()) {
    const length = lengths[index] as number;
    array.writeInt32BE(length, at);
    at += 4;
    if (value === null) continue;
    write(array, value, at);
    at += length;
  }
  return array;
}
