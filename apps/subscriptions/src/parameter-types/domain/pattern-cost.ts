/**
 * A regular expression of a user can occupy a backtracking engine for years (CWE-1333). This file bounds the cost of a
 * pattern before it runs.
 *
 * In the worst case a backtracking engine tries every path of the pattern through the text. The pattern alone gives an
 * upper bound for the number of paths: one for an atom, the product for a sequence, the sum for alternatives, and the
 * sum over all counts for a repetition. A pattern within the bound is safe for every text of `textMax` characters. Some
 * safe patterns beyond the bound are refused.
 */

/** The longest text that a pattern runs on, in characters. */
const textMax = 1_000;
/** Two unbounded repetitions after a `^`, or one without: a few milliseconds. */
const waysMax = 2_000_000;
/** The length of a pattern with its repetitions expanded, as engines expand them. */
const lengthMax = 2_000;

interface Cost {
  readonly ways: number;
  readonly length: number;
}

const none: Cost = { ways: 1, length: 0 };
const one: Cost = { ways: 1, length: 1 };

/**
 * The reason to refuse `pattern` (ECMA-262, flag u), or null when it is safe.
 * Back-references and look-around are refused, because this count does not cover them.
 */
export function patternRisk(pattern: string): string | null {
  try {
    new RegExp(pattern, 'u');
  } catch (error) {
    return (error as Error).message;
  }
  try {
    const { ways, length, anchored } = costOf(pattern);
    if (length > lengthMax) return 'its repetitions make it too long';
    if (ways > waysMax) {
      return anchored
        ? 'it could take too long: too many repetitions within or after one another'
        : 'it could take too long: fewer repetitions, or a ^ at its start, would help';
    }
    return null;
  } catch (error) {
    if (error instanceof Uncountable) return error.message;
    throw error;
  }
}

/** An upper bound for the paths of `pattern` through a text of `length` characters. `patternRisk` has accepted it. */
export function waysOf(pattern: string, length: number): number {
  return costOf(pattern, length).ways;
}

function costOf(pattern: string, length = textMax): Cost & { readonly anchored: boolean } {
  const { cost, anchored } = new PatternReader(pattern, length).read();
  return { ways: cost.ways * (anchored ? 1 : length), length: cost.length, anchored };
}

class Uncountable extends Error {}

/** Reads a pattern that RegExp has accepted, so it does not check the syntax. */
class PatternReader {
  private at = 0;

  constructor(
    private readonly pattern: string,
    private readonly textLength: number,
  ) {}

  read(): { cost: Cost; anchored: boolean } {
    let anchored = true;
    const cost = this.alternatives(() => {
      anchored &&= this.pattern[this.at] === '^';
    });
    return { cost, anchored };
  }

  private alternatives(onStart?: () => void): Cost {
    let cost: Cost | undefined;
    for (;;) {
      onStart?.();
      const branch = this.sequence();
      cost = cost ? { ways: cost.ways + branch.ways, length: cost.length + branch.length } : branch;
      if (this.pattern[this.at] !== '|') return cost;
      this.at += 1;
    }
  }

  private sequence(): Cost {
    let cost = none;
    while (this.at < this.pattern.length && this.pattern[this.at] !== '|' && this.pattern[this.at] !== ')') {
      const part = this.repeated(this.atom());
      cost = { ways: cost.ways * part.ways, length: cost.length + part.length };
    }
    return cost;
  }

  private atom(): Cost {
    switch (this.pattern[this.at]) {
      case '^':
      case '$':
        this.at += 1;
        return none;
      case '(':
        return this.group();
      case '[':
        return this.take(/\[(?:\\.|[^\]\\])*\]/suy);
      case '\\':
        return this.escape();
      default:
        return this.take(/./suy);
    }
  }

  private group(): Cost {
    if (/^\(\?(?:<?[=!])/.test(this.pattern.slice(this.at, this.at + 4))) throw new Uncountable('it looks around');
    const opening = /\((?:\?:|\?<[^=!>][^>]*>|(?!\?))/uy;
    this.take(opening, 'it has a group of an unusual kind');
    const cost = this.alternatives();
    this.at += 1;
    return cost;
  }

  private escape(): Cost {
    if (/^\\(?:[1-9]|k)/.test(this.pattern.slice(this.at, this.at + 2))) throw new Uncountable('it refers back');
    return this.take(/\\(?:u\{[^}]*\}|u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2}|c[A-Za-z]|[pP]\{[^}]*\}|.)/suy);
  }

  private repeated(atom: Cost): Cost {
    const quantifier = /(?:([*+?])|\{(\d+)(,?)(\d*)\})\??/uy;
    quantifier.lastIndex = this.at;
    const found = quantifier.exec(this.pattern);
    if (!found) return atom;
    this.at = quantifier.lastIndex;
    const [, sign, from, comma, to] = found;
    const least = sign ? (sign === '+' ? 1 : 0) : Number(from);
    const most = sign ? (sign === '?' ? 1 : Infinity) : comma ? (to ? Number(to) : Infinity) : least;
    const length = atom.length * (most === Infinity ? least + 1 : most);
    if (length > lengthMax) throw new Uncountable('its repetitions make it too long');
    return { ways: waysToRepeat(atom.ways, least, most, this.textLength), length };
  }

  private take(token: RegExp, otherwise = 'it cannot be read'): Cost {
    token.lastIndex = this.at;
    if (!token.test(this.pattern)) throw new Uncountable(otherwise);
    this.at = token.lastIndex;
    return one;
  }
}

/** Σ ways^count over every count that fits into a text of `textLength` characters. It stops at the bound. */
function waysToRepeat(ways: number, least: number, most: number, textLength: number): number {
  let sum = 0;
  for (let count = least; count <= Math.min(most, Math.max(least, textLength)) && sum <= waysMax; count += 1) {
    sum += ways ** count;
  }
  return sum;
}
