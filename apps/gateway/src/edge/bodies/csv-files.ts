import { Readable } from 'node:stream';
import { StreamableFile } from '@nestjs/common';
import { stringify } from 'csv-stringify/sync';

type Cell = string | number | boolean | null;

/** Some rows of a file, and the cursor of the next rows; null at the end. */
interface Piece<Place> {
  readonly rows: readonly (readonly Cell[])[];
  readonly next: Place | null;
}

/**
 * A streamed CSV answer (RFC 4180). Each piece is requested when the client has received the one before. A piece that
 * fails breaks the connection, so that half a file never looks complete.
 * @throws the error of the first piece, which can still become a problem document
 */
export async function csvFile<Place>(
  name: string,
  columns: readonly string[],
  pieceAt: (place: Place | null) => Promise<Piece<Place>>,
): Promise<StreamableFile> {
  const first = await pieceAt(null);
  return new StreamableFile(Readable.from(texts(columns, first, pieceAt), { objectMode: false }), {
    type: 'text/csv; charset=utf-8',
    disposition: `attachment; filename="${name}"`,
  });
}

async function* texts<Place>(
  columns: readonly string[],
  first: Piece<Place>,
  pieceAt: (place: Place) => Promise<Piece<Place>>,
): AsyncGenerator<string> {
  // Spreadsheets take a file without a byte order mark for one of their system's charset.
  yield `\ufeff${textOf([columns])}`;
  for (let piece = first; ; ) {
    if (piece.rows.length > 0) yield textOf(piece.rows);
    if (piece.next === null) return;
    piece = await pieceAt(piece.next);
  }
}

function textOf(rows: readonly (readonly Cell[])[]): string {
  return stringify(
    rows.map((row) => row.map((cell) => (typeof cell === 'string' ? escapeFormula(cell) : cell))),
    // A lone CR or LF is not our delimiter, but readers take it for one: such cells are quoted.
    { record_delimiter: 'windows', quoted_match: /[\r\n]/, cast: { boolean: String } },
  );
}

/** A cell that a spreadsheet would run as a formula, or that looks like an escaped formula. */
const formula = /^'*[=+\-@\t\r＝＋－＠]/;

/** The cell with a quote before it where a spreadsheet would run it: users choose their names. */
function escapeFormula(cell: string): string {
  return formula.test(cell) ? `'${cell}` : cell;
}

/** The cell as it was before `escapeFormula`. */
export function unescapeFormula(cell: string): string {
  return cell.startsWith("'") && formula.test(cell) ? cell.slice(1) : cell;
}
