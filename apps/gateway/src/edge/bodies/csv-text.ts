import { Transform, type TransformCallback } from 'node:stream';
import { UnsupportedMediaTypeException } from '@nestjs/common';

/** A heading that is longer than this is cut here, and refused by the parser. */
const headingCharactersMax = 128 * 1024;

/** The first line of files for spreadsheets that names their delimiter: `sep=;`. */
const delimiterLine = /^"?sep=([^\w"\s]|\t)"?[^\S\t]*$/i;

type Decoder = InstanceType<typeof TextDecoder>;

/** Stands where bytes are no text of the charset. Also left by programs that decoded a text wrongly before. */
export const undecodable = '\ufffd';

/**
 * The text of a CSV file as UTF-8, without BOM and without a `sep=` line. The charset is that of the BOM, else the
 * declared one, else UTF-8; bytes that are not of it become `undecodable`. The event `delimiter` has the character that
 * the `sep=` line names, or the one of `,` `;` and tab that the heading has most.
 */
export class CsvText extends Transform {
  private readonly bytes: Buffer[] = [];
  private decoder: Decoder | undefined;
  /** The beginning of the file until the heading is complete, then null. */
  private beginning: string | null = '';

  /** @throws UnsupportedMediaTypeException for an unknown charset */
  constructor(private readonly declared: string = 'utf-8') {
    super();
    decoderOf(declared);
  }

  override _transform(chunk: Buffer, _encoding: string, done: TransformCallback): void {
    this.decode(chunk, false);
    done();
  }

  override _flush(done: TransformCallback): void {
    this.decode(Buffer.alloc(0), true);
    done();
  }

  private decode(chunk: Buffer, isEnd: boolean): void {
    if (!this.decoder) {
      this.bytes.push(chunk);
      const begun = Buffer.concat(this.bytes);
      if (begun.length < 3 && !isEnd) return;
      this.decoder = decoderOf(charsetOfBom(begun) ?? this.declared);
      this.pass(this.decoder.decode(begun, { stream: !isEnd }), isEnd);
      return;
    }
    this.pass(this.decoder.decode(chunk, { stream: !isEnd }), isEnd);
  }

  private pass(text: string, isEnd: boolean): void {
    if (this.beginning === null) {
      this.push(text);
      return;
    }
    this.beginning += text;
    const begun = beginningOf(this.beginning, isEnd || this.beginning.length > headingCharactersMax);
    if (!begun) return;
    this.beginning = null;
    this.emit('delimiter', begun.delimiter);
    this.push(begun.text);
  }
}

/** The delimiter, and the text from the heading on; null while the heading is not complete. */
function beginningOf(text: string, isWhole: boolean): { delimiter: string; text: string } | null {
  const begun = text.trimStart();
  // A CR at the end may be the half of a line end.
  const lineEnd = /\r\n|\n|\r(?!$)/.exec(begun);
  if (!lineEnd && !isWhole) return null;
  const line = begun.slice(0, lineEnd?.index);
  const named = delimiterLine.exec(line)?.[1];
  if (named !== undefined) return { delimiter: named, text: begun.slice(line.length) };
  const unquoted = line.replace(/"(?:[^"]|"")*"/g, '');
  const [delimiter] = [',', ';', '\t'].toSorted((one, other) => countOf(other, unquoted) - countOf(one, unquoted));
  return { delimiter: delimiter as string, text };
}

function countOf(character: string, text: string): number {
  return text.split(character).length - 1;
}

function charsetOfBom(bytes: Buffer): string | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 'utf-8' : null;
}

function decoderOf(charset: string): Decoder {
  try {
    return new TextDecoder(charset);
  } catch {
    throw new UnsupportedMediaTypeException(`The charset “${charset.slice(0, 40)}” is unknown.`);
  }
}
