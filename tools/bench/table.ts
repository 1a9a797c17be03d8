import { writeFile } from 'node:fs/promises';
import type { Beside } from './reference.ts';

/** One row of the benches. `ratio` is `value` over `reference`; `must` is what the ratio has to reach. */
export interface Row {
  readonly group: string;
  readonly row: string;
  readonly value: number;
  readonly unit: string;
  readonly reference: number | null;
  readonly ratio: number | null;
  readonly must: string | null;
}

/** The unit in which rates are shown and compared with the reference of the same run. */
export const perSecond = '/s';

export function rateRow(group: string, row: string, { result, reference }: Beside<number>, atLeast: number): Row {
  const ratio = result / reference;
  return { group, row, value: result, unit: perSecond, reference, ratio, must: `>= ${atLeast} x` };
}

export function atMost(
  group: string,
  row: string,
  { value, reference, unit }: { value: number; reference: number; unit: string },
  times: number,
): Row {
  return { group, row, value, unit, reference, ratio: value / reference, must: `<= ${times} x` };
}

export function figureRow(group: string, row: string, value: number, unit: string): Row {
  return { group, row, value, unit, reference: null, ratio: null, must: null };
}

/** Whether a row reaches what it must; a row that must nothing does. */
export function reaches({ ratio, must }: Row): boolean {
  if (!must || ratio === null) return true;
  const [, comparison, bound] = /^(>=|<=) ([\d.]+)/.exec(must) ?? [];
  return comparison === '<=' ? ratio <= Number(bound) : ratio >= Number(bound);
}

export function print(rows: readonly Row[]): void {
  const cells = rows.map((row) => [
    row.group,
    row.row,
    `${figure(row.value)} ${row.unit}`,
    row.reference === null ? '' : figure(row.reference),
    row.ratio === null ? '' : row.ratio.toFixed(2),
    row.must ?? '',
    row.must ? (reaches(row) ? 'reached' : 'MISSED') : '',
  ]);
  const head = ['group', 'row', 'value', 'reference', 'ratio', 'must', ''];
  const widths = head.map((title, column) => Math.max(title.length, ...cells.map((cell) => cell[column]?.length ?? 0)));
  const line = (cell: readonly string[]) =>
    cell
      .map((text, column) => text.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  console.log([head, widths.map((width) => '-'.repeat(width)), ...cells].map(line).join('\n'));
}

export async function write(rows: readonly Row[], file: string): Promise<void> {
  await writeFile(file, `${JSON.stringify(rows, null, 2)}\n`);
}

function figure(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en-US') : value.toFixed(2);
}
