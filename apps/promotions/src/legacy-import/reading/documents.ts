/** The text of one document of an export, and the line on which it begins. */
export interface DocumentText {
  readonly line: number;
  readonly text: string;
}

/** A BSON document has at most 16 MiB, in Extended JSON several times as much. A longer text is not a document. */
const documentMax = 64 * 1024 * 1024;

/**
 * Cuts the stream of a mongoexport file into documents: one document per line, or with `--jsonArray` an array (on one
 * line in old versions), each also with `--pretty`. Nothing is parsed here, so that a broken document is one bad text
 * and the next document is found: by its line, or in an array by the depth of the braces.
 */
export async function* documentsIn(chunks: AsyncIterable<string>): AsyncGenerator<DocumentText> {
  let cutter: Cutter | undefined;
  let blankLines = 0;
  for await (const chunk of chunks) {
    let rest = chunk;
    if (!cutter) {
      const begins = chunk.search(/[^\s\uFEFF]/);
      blankLines += linesIn(begins < 0 ? chunk : chunk.slice(0, begins));
      if (begins < 0) continue;
      rest = chunk.slice(begins);
      cutter = rest.startsWith('[') ? new ArrayCutter(blankLines + 1) : new LineCutter(blankLines + 1);
    }
    yield* cutter.cut(rest);
  }
  if (cutter) yield* cutter.end();
}

interface Cutter {
  cut(chunk: string): DocumentText[];
  /** The rest when the file ends. */
  end(): DocumentText[];
}

class LineCutter implements Cutter {
  #line: number;
  #open = '';
  /** A document that `--pretty` spread over lines: from a lone `{` to a lone `}` at the margin. */
  #pretty: { line: number; lines: string[]; size: number } | undefined;

  constructor(line: number) {
    this.#line = line;
  }

  cut(chunk: string): DocumentText[] {
    const lines = chunk.split('\n');
    lines[0] = this.#open + lines[0];
    this.#open = lines.pop() ?? '';
    return lines.flatMap((line) => this.#take(line));
  }

  end(): DocumentText[] {
    const last = this.#take(this.#open);
    return this.#pretty ? [...last, { line: this.#pretty.line, text: this.#pretty.lines.join('\n') }] : last;
  }

  #take(raw: string): DocumentText[] {
    const line = this.#line++;
    const text = raw.trimEnd();
    if (this.#pretty) {
      this.#pretty.lines.push(text);
      this.#pretty.size += text.length;
      if (text !== '}' && this.#pretty.size < documentMax) return [];
      const whole = { line: this.#pretty.line, text: this.#pretty.lines.join('\n') };
      this.#pretty = undefined;
      return [whole];
    }
    if (text === '{') {
      this.#pretty = { line, lines: [text], size: 0 };
      return [];
    }
    return text.trim() === '' ? [] : [{ line, text }];
  }
}

class ArrayCutter implements Cutter {
  #line: number;
  #depth = 0;
  #inString = false;
  #isEscaped = false;
  #ended = false;
  /** The parts of the element that is being read, of which the last one ends with its chunk. */
  #parts: string[] = [];
  #size = 0;
  #begun = 0;

  constructor(line: number) {
    this.#line = line;
  }

  cut(chunk: string): DocumentText[] {
    const found: DocumentText[] = [];
    let from = this.#begun > 0 ? 0 : -1;
    for (let at = 0; at < chunk.length && !this.#ended; at += 1) {
      const sign = chunk.charCodeAt(at);
      if (sign === newLine) this.#line += 1;
      if (this.#inString) {
        if (this.#isEscaped) this.#isEscaped = false;
        else if (sign === backslash) this.#isEscaped = true;
        else if (sign === quote) this.#inString = false;
        continue;
      }
      const closes = sign === closeBrace || sign === closeBracket;
      const parts = this.#depth === 1 && (sign === comma || closes);
      if (parts && this.#begun > 0) {
        found.push(this.#whole(chunk.slice(from, at)));
        from = -1;
      } else if (this.#depth === 1 && this.#begun === 0 && !isBlank(sign) && !parts) {
        this.#begun = this.#line;
        from = at;
      }
      if (sign === quote) this.#inString = true;
      else if (sign === openBrace || sign === openBracket) this.#depth += 1;
      else if (closes) this.#depth -= 1;
      this.#ended = this.#depth === 0;
    }
    if (from >= 0) this.#keep(chunk.slice(from));
    return found;
  }

  end(): DocumentText[] {
    return this.#begun > 0 ? [this.#whole('')] : [];
  }

  #keep(part: string): void {
    this.#size += part.length;
    // A document that is too long is reported with its beginning; the rest is dropped.
    if (this.#size < documentMax) this.#parts.push(part);
  }

  #whole(last: string): DocumentText {
    this.#keep(last);
    const whole = { line: this.#begun, text: this.#parts.join('').trimEnd() };
    this.#parts = [];
    this.#size = 0;
    this.#begun = 0;
    return whole;
  }
}

const newLine = 10;
const quote = 34;
const comma = 44;
const openBracket = 91;
const backslash = 92;
const closeBracket = 93;
const openBrace = 123;
const closeBrace = 125;

function isBlank(sign: number): boolean {
  return sign === 32 || sign === 9 || sign === newLine || sign === 13;
}

function linesIn(text: string): number {
  return text.split('\n').length - 1;
}
