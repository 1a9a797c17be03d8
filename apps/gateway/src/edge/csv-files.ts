import { Readable } from 'node:stream';
import { StreamableFile } from '@nestjs/common';
import { stringify } from 'csv-stringify/sync';

type Cell = string | number | boolean | null;

/** Some rows of a file, and where those after them begin; null at the end. */
interface Piece<Place> {
  readonly rows: readonly (readonly Cell[])[];
  readonly next: Place | null;
}

/**
 * An answer of CSV (RFC 4180). A piece is asked for when the client has taken the last one; one that does not come
 * breaks the answer off, so that half a file never looks whole.
 * @throws whatever asking for the first piece throws, while it can still be told as a problem
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
  yield textOf([columns]);
  for (let piece = first; ; ) {
    if (piece.rows.length > 0) yield textOf(piece.rows);
    if (piece.next === null) return;
    piece = await pieceAt(piece.next);
  }
}

function textOf(rows: readonly (readonly Cell[])[]): string {
  return stringify(
    rows.map((row) => row.map((cell) => (typeof cell === 'string' ? disarmed(cell) : cell))),
    // A lone CR or LF is no delimiter here and would stand bare; whoever reads the file takes it for one.
    { record_delimiter: 'windows', quoted_match: /[\r\n]/, cast: { boolean: String } },
  );
}

/** What a spreadsheet would take for a formula, and what looks like such a cell disarmed already. */
const formula = /^'*[=+\-@\t\r＝＋－＠]/;

/** The cell with a quote before it where a spreadsheet would run it: names come from anybody. */
function disarmed(cell: string): string {
  return formula.test(cell) ? `'${cell}` : cell;
}

/** The cell as it was before it was disarmed. */
export function armed(cell: string): string {
  return cell.startsWith("'") && formula.test(cell) ? cell.slice(1) : cell;
}
