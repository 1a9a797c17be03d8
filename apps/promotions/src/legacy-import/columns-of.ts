/** The values of many rows, column by column, as `unnest` takes them. */
export function columnsOf<Row>(
  rows: readonly Row[],
  valuesOf: (row: Row) => readonly unknown[],
  width: number,
): unknown[][] {
  const values = rows.map(valuesOf);
  return Array.from({ length: width }, (_, column) => values.map((row) => row[column]));
}
