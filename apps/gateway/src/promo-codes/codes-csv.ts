import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { codeColumns } from '#contracts/promotions/promo-code-csv.js';
import { cellCharactersMax } from '#contracts/promotions/promo-codes.js';
import { isStorable } from '#contracts/texts.js';
import { InvalidInput } from '#http/problem.js';
import { unescapeFormula } from '../edge/bodies/csv-files.js';
import { CsvText, undecodable } from '../edge/bodies/csv-text.js';

type Cells = Record<string, string>;

const charsetAdvice = 'Save it as UTF-8, or declare its charset: “content-type: text/csv; charset=windows-1252”.';

/** Limits of one file: rows, and bytes in one row. */
const rowsMax = 200_000;
const rowMaxBytes = 128 * 1024;
/** Limits of one portion, so that it is a message of ordinary size. */
const portionRowsMax = 1_000;
const portionCharactersMax = 256 * 1024;

/** The rows of one message, and the number of the first one, counted from 1. */
export interface Portion {
  readonly firstRow: number;
  readonly rows: readonly Cells[];
}

/**
 * The rows of a CSV file in portions, while it arrives. The next bytes are read when the last portion was consumed.
 * @param charset the declared one, if any
 * @throws InvalidInput when it is not CSV, has unknown columns, or a cell that is not text of its charset or cannot be
 * stored; UnsupportedMediaTypeException for an unknown charset
 */
export async function* portionsOf(file: Readable, charset: string | undefined): AsyncGenerator<Portion> {
  const text = new CsvText(charset);
  try {
    yield* portionsOfRows(await rowsOf(file, text));
  } finally {
    // The rest of a refused file is received and dropped.
    file.unpipe(text);
    text.destroy();
  }
}

/** The parser of the file, once the heading has shown the delimiter. */
async function rowsOf(file: Readable, text: CsvText): Promise<AsyncIterable<Cells>> {
  // `pipe` alone ends nothing when the upload breaks off.
  file.once('error', (error) => text.destroy(error));
  file.once('aborted', () => text.destroy(new Error('the upload broke off')));
  const [delimiter] = await once(file.pipe(text), 'delimiter');
  const rows = parse({
    delimiter,
    columns: checkedColumns,
    // Files edited with several programs have mixed line ends, and rows of only commas.
    record_delimiter: ['\r\n', '\n', '\r'],
    skip_empty_lines: true,
    skip_records_with_empty_values: true,
    max_record_size: rowMaxBytes,
  });
  text.once('error', (error) => rows.destroy(error));
  return text.pipe(rows);
}

async function* portionsOfRows(rows: AsyncIterable<Cells>): AsyncGenerator<Portion> {
  let portion: Cells[] = [];
  let characters = 0;
  let firstRow = 1;
  try {
    for await (const row of rows) {
      const cells = nonEmptyCells(row);
      checkCells(cells, firstRow + portion.length);
      if (firstRow + portion.length > rowsMax)
        throw invalidCsv(`More than ${rowsMax} rows; send them in several files.`);
      portion.push(cells);
      characters += Object.values(cells).reduce((sum, { length }) => sum + length, 0);
      if (portion.length < portionRowsMax && characters < portionCharactersMax) continue;
      yield { firstRow, rows: portion };
      firstRow += portion.length;
      portion = [];
      characters = 0;
    }
  } catch (error) {
    throw error instanceof CsvError ? invalidCsv(error.message) : error;
  }
  if (portion.length > 0) yield { firstRow, rows: portion };
}

/** The cells that have a value. */
function nonEmptyCells(row: Cells): Cells {
  const cells = Object.entries(row).filter(([, cell]) => cell !== '');
  return Object.fromEntries(cells.map(([name, cell]) => [name, unescapeFormula(cell)]));
}

/** Refuses a cell that cannot be stored, with its row and column: the service could not report it. */
function checkCells(cells: Cells, row: number): void {
  for (const [name, cell] of Object.entries(cells)) {
    if (cell.length > cellCharactersMax) {
      throw invalidCsv(`Row ${row}: the cell “${name}” has more than ${cellCharactersMax} characters.`);
    }
    if (cell.includes(undecodable)) {
      throw invalidCsv(`Row ${row}: the cell “${name}” is not text of the charset of this file. ${charsetAdvice}`);
    }
    if (!isStorable(cell))
      throw invalidCsv(`Row ${row}: the cell “${name}” contains characters that cannot be stored.`);
  }
}

function checkedColumns(header: string[]): string[] {
  const names = header.map((name) => name.trim().toLowerCase());
  if (names.some((name) => name.includes(undecodable))) {
    throw invalidCsv(`The heading is not text of the charset of this file. ${charsetAdvice}`);
  }
  const unknown = names.find((name) => !codeColumns.includes(name));
  if (unknown !== undefined) throw invalidCsv(`There is no column “${unknown}”; there are ${codeColumns.join(', ')}.`);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw invalidCsv(`The column “${twice}” appears twice.`);
  for (const name of ['code', 'kind']) if (!names.includes(name)) throw invalidCsv(`The column “${name}” is missing.`);
  return names;
}

/** The error for a file that is not valid CSV. */
export function invalidCsv(message: string): InvalidInput {
  return new InvalidInput([{ field: '', code: 'MALFORMED', message }]);
}
