import type { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { codeColumns } from '#contracts/promotions/promo-code-csv.js';
import { cellCharactersMax } from '#contracts/promotions/promo-codes.js';
import { isStorable } from '#contracts/wire.js';
import { InvalidInput } from '#http/problem.js';
import { unescapeFormula } from '../edge/bodies/csv-files.js';

type Cells = Record<string, string>;

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
 * @throws InvalidInput when it is not CSV, has unknown columns, or a cell that cannot be stored
 */
export async function* portionsOf(file: Readable): AsyncGenerator<Portion> {
  const rows = file.pipe(
    parse({
      bom: true,
      columns: checkedColumns,
      // Files edited with several programs have mixed line ends, and rows of only commas.
      record_delimiter: ['\r\n', '\n', '\r'],
      skip_empty_lines: true,
      skip_records_with_empty_values: true,
      max_record_size: rowMaxBytes,
    }),
  );
  // `pipe` alone does not end the parser when the upload breaks off.
  file.once('error', (error) => rows.destroy(error));
  file.once('aborted', () => rows.destroy(new Error('the upload broke off')));
  let portion: Cells[] = [];
  let characters = 0;
  let firstRow = 1;
  try {
    for await (const row of rows as AsyncIterable<Cells>) {
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
    if (!isStorable(cell))
      throw invalidCsv(`Row ${row}: the cell “${name}” contains characters that cannot be stored.`);
  }
}

function checkedColumns(header: string[]): string[] {
  const names = header.map((name) => name.trim());
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
