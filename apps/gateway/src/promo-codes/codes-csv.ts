import type { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { codeColumns } from '#contracts/promo-code-csv.js';
import { cellCharactersMax } from '#contracts/promo-codes.js';
import { isStorable } from '#contracts/wire.js';
import { InvalidInput } from '#http/problem.js';
import { armed } from '../edge/csv-files.js';

type Cells = Record<string, string>;

/** Rows in one file, and characters in one row: what is larger is cut into files. */
const rowsMax = 200_000;
const rowMaxBytes = 128 * 1024;
/** Rows in one portion, and characters, so that a portion is a message of ordinary size. */
const portionRowsMax = 1_000;
const portionCharactersMax = 256 * 1024;

/** Rows that belong together in one message, and the number of the first of them, counted from 1. */
export interface Portion {
  readonly firstRow: number;
  readonly rows: readonly Cells[];
}

/**
 * The rows of a CSV file while it comes in, in portions: the next bytes are read when the last portion was taken.
 * @throws InvalidInput when it is no CSV, or has columns that nobody knows or a cell that nobody can keep
 */
export async function* portionsOf(file: Readable): AsyncGenerator<Portion> {
  const rows = file.pipe(
    parse({
      bom: true,
      columns: checkedColumns,
      // Files that went through several hands have several kinds of line ends, and rows of nothing but commas.
      record_delimiter: ['\r\n', '\n', '\r'],
      skip_empty_lines: true,
      skip_records_with_empty_values: true,
      max_record_size: rowMaxBytes,
    }),
  );
  // An upload that breaks off ends the parser too; `pipe` alone would leave it waiting.
  file.once('error', (error) => rows.destroy(error));
  file.once('aborted', () => rows.destroy(new Error('the upload broke off')));
  let portion: Cells[] = [];
  let characters = 0;
  let firstRow = 1;
  try {
    for await (const row of rows as AsyncIterable<Cells>) {
      const cells = saidIn(row);
      checkCells(cells, firstRow + portion.length);
      if (firstRow + portion.length > rowsMax) throw noCsv(`More than ${rowsMax} rows; send them in several files.`);
      portion.push(cells);
      characters += Object.values(cells).reduce((sum, { length }) => sum + length, 0);
      if (portion.length < portionRowsMax && characters < portionCharactersMax) continue;
      yield { firstRow, rows: portion };
      firstRow += portion.length;
      portion = [];
      characters = 0;
    }
  } catch (error) {
    throw error instanceof CsvError ? noCsv(error.message) : error;
  }
  if (portion.length > 0) yield { firstRow, rows: portion };
}

/** An empty cell says nothing and need not travel. */
function saidIn(row: Cells): Cells {
  const said = Object.entries(row).filter(([, cell]) => cell !== '');
  return Object.fromEntries(said.map(([name, cell]) => [name, armed(cell)]));
}

/** A row that no message or database takes would break the import off without a word about it. */
function checkCells(cells: Cells, row: number): void {
  for (const [name, cell] of Object.entries(cells)) {
    if (cell.length > cellCharactersMax) {
      throw noCsv(`Row ${row}: the cell “${name}” has more than ${cellCharactersMax} characters.`);
    }
    if (!isStorable(cell)) throw noCsv(`Row ${row}: the cell “${name}” contains characters that cannot be stored.`);
  }
}

function checkedColumns(header: string[]): string[] {
  const names = header.map((name) => name.trim());
  const unknown = names.find((name) => !codeColumns.includes(name));
  if (unknown !== undefined) throw noCsv(`There is no column “${unknown}”; there are ${codeColumns.join(', ')}.`);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw noCsv(`The column “${twice}” is there twice.`);
  for (const name of ['code', 'kind']) if (!names.includes(name)) throw noCsv(`The column “${name}” is missing.`);
  return names;
}

export function noCsv(message: string): InvalidInput {
  return new InvalidInput([{ field: '', code: 'MALFORMED', message }]);
}
