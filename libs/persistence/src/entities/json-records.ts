import { UnderscoreNamingStrategy } from '@mikro-orm/postgresql';

const naming = new UnderscoreNamingStrategy();
const columns = new Map<string, string>();

/**
 * Rows with the property names of an entity as one JSON parameter, for sets on hot paths:
 * `insert into orders select * from json_populate_recordset(null::orders, $1::json)`.
 */
export function jsonRecords(rows: readonly object[]): string {
  return JSON.stringify(
    rows.map((row) => Object.fromEntries(Object.entries(row).map(([property, value]) => [columnOf(property), value]))),
  );
}

function columnOf(property: string): string {
  const known = columns.get(property);
  if (known) return known;
  const column = naming.propertyToColumnName(property);
  columns.set(property, column);
  return column;
}
