import { createCipheriv } from 'node:crypto';
import { isTypeableCode } from '#contracts/promotions/fold-code.js';
import { assert } from '#kernel/assert.js';
import { Refusal } from '#kernel/refusal.js';

/** Only characters that are not confused with others: no 0 and 1, no letter that looks like a digit (B I L O S Z). */
const alphabets: Readonly<Record<string, string>> = { '#': '23456789', '?': 'ACDEFGHJKMNPQRTUVWXY' };

/** Twelve slots on either side fit into a safe integer. */
const slotsMax = 24;

/** Rounds of the Feistel network. From four on the order looks random (Luby and Rackoff); ten leave a margin. */
const rounds = 10;

/** A pattern for codes: `#` stands for a digit, `?` for a letter, any other character for itself. */
export class CodePattern {
  private readonly slots: readonly string[];

  /** @throws Refusal PATTERN_INVALID */
  constructor(readonly text: string) {
    if (!isTypeableCode(text)) throw invalid('A pattern has no spaces and no invisible characters.');
    this.slots = [...text].flatMap((character) => alphabets[character] ?? []);
    if (this.slots.length === 0) throw invalid('A pattern has at least one # or ?.');
    if (this.slots.length > slotsMax) throw invalid(`A pattern has at most ${slotsMax} of # and ?.`);
  }

  /** How many codes match the pattern. */
  get size(): bigint {
    return sizeOf(this.slots);
  }

  /** @throws Refusal PATTERN_TOO_SMALL */
  checkRoom(count: number): void {
    if (this.size >= BigInt(count)) return;
    const says = `The pattern ${this.text} has ${this.size} codes, and ${count} are requested.`;
    throw new Refusal('PATTERN_TOO_SMALL', says, { field: 'pattern', size: Number(this.size) });
  }

  /**
   * The codes at the steps `from` up to `from + count` of a walk through all codes of the pattern. The walk visits each
   * code exactly once. Its order is determined by `secret` (32 bytes): without the secret no code predicts another.
   *
   * The walk is a Feistel network over two counters, one for either half of the slots, with AES as its round function,
   * like the format-preserving ciphers of NIST SP 800-38G. Such a network is a permutation for halves of any size.
   */
  walk(secret: Buffer, from: number, count: number): string[] {
    assert(BigInt(from) + BigInt(count) <= this.size, 'the walk stays within the pattern');
    const middle = this.slots.length >> 1;
    const [leftSlots, rightSlots] = [this.slots.slice(0, middle), this.slots.slice(middle)];
    const [leftSize, rightSize] = [Number(sizeOf(leftSlots)), Number(sizeOf(rightSlots))];
    const left = Float64Array.from({ length: count }, (_, step) => Math.floor((from + step) / rightSize));
    const right = Float64Array.from({ length: count }, (_, step) => (from + step) % rightSize);
    for (let round = 0; round < rounds; round++) {
      if (round % 2 === 0) shift(left, leftSize, scrambled(secret, round, right));
      else shift(right, rightSize, scrambled(secret, round, left));
    }
    return Array.from({ length: count }, (_, step) =>
      this.fill(formatSlots(leftSlots, left[step] as number) + formatSlots(rightSlots, right[step] as number)),
    );
  }

  private fill(filled: string): string {
    let slot = 0;
    return this.text.replace(/[#?]/g, () => filled[slot++] as string);
  }
}

function sizeOf(slots: readonly string[]): bigint {
  return slots.reduce((size, { length }) => size * BigInt(length), 1n);
}

function shift(values: Float64Array, size: number, by: Float64Array): void {
  for (let step = 0; step < values.length; step++) {
    values[step] = ((values[step] as number) + ((by[step] as number) % size)) % size;
  }
}

/** 52 pseudorandom bits for each value, keyed by the secret. The cipher takes all blocks of a set at once. */
function scrambled(secret: Buffer, round: number, values: Float64Array): Float64Array {
  const blocks = new Float64Array(values.length * 2);
  for (let step = 0; step < values.length; step++) {
    blocks[step * 2] = round;
    blocks[step * 2 + 1] = values[step] as number;
  }
  const cipher = createCipheriv('aes-256-ecb', secret, null).setAutoPadding(false);
  const { buffer, byteOffset, byteLength } = cipher.update(new Uint8Array(blocks.buffer));
  const words = new Uint32Array(buffer.slice(byteOffset, byteOffset + byteLength));
  return values.map((_, step) => ((words[step * 4] as number) % 2 ** 20) * 2 ** 32 + (words[step * 4 + 1] as number));
}

function formatSlots(slots: readonly string[], value: number): string {
  let rest = value;
  let filled = '';
  for (const alphabet of slots) {
    filled += alphabet[rest % alphabet.length];
    rest = Math.floor(rest / alphabet.length);
  }
  return filled;
}

function invalid(says: string): Refusal {
  return new Refusal('PATTERN_INVALID', says, { field: 'pattern' });
}
